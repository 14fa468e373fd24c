package dev.convoy.bench.onnx;

import com.google.protobuf.ByteString;
import dev.convoy.graph.Parameter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects ONNX nodes and their constants, in topological order. Not thread-safe. */
final class OnnxNodes {
  static final int FLOAT = 1;
  static final int INT64 = 7;

  /** The attributes of one node, by name. */
  static final class Attributes {
    private static final int TYPE_FLOAT = 1;
    private static final int TYPE_INT = 2;
    private static final int TYPE_STRING = 3;
    private static final int TYPE_INTS = 7;

    private final List<ProtoMessage> list = new ArrayList<>();

    private ProtoMessage named(String name, int type) {
      ProtoMessage attribute = new ProtoMessage().string(1, name).integer(20, type);
      list.add(attribute);
      return attribute;
    }

    Attributes with(String name, long value) {
      named(name, TYPE_INT).integer(3, value);
      return this;
    }

    Attributes with(String name, double value) {
      named(name, TYPE_FLOAT).number(2, (float) value);
      return this;
    }

    Attributes with(String name, String value) {
      named(name, TYPE_STRING).string(4, value);
      return this;
    }

    Attributes with(String name, int[] values) {
      ProtoMessage attribute = named(name, TYPE_INTS);
      for (int value : values) {
        attribute.integer(8, value);
      }
      return this;
    }
  }

  private final List<ProtoMessage> nodes = new ArrayList<>();
  private final List<ProtoMessage> constants = new ArrayList<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  static Attributes attributes() {
    return new Attributes();
  }

  /**
   * Adds a node of one output and returns the output's name. An empty input name is "not given".
   */
  String add(String operator, List<String> inputs, String output, Attributes attributes) {
    ProtoMessage node = new ProtoMessage();
    inputs.forEach(input -> node.string(1, input));
    node.string(2, output).string(3, output).string(4, operator);
    attributes.list.forEach(attribute -> node.message(5, attribute));
    nodes.add(node);
    return output;
  }

  String add(String operator, List<String> inputs, String output) {
    return add(operator, inputs, output, attributes());
  }

  /** A scalar constant. */
  String scalar(String name, float value) {
    ByteBuffer raw = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.putFloat(value).flip();
    constants.add(tensorHeader(name, FLOAT).raw(9, ByteString.copyFrom(raw)));
    return name;
  }

  /** A constant vector of integers. */
  String integers(String name, int... values) {
    ByteBuffer raw = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : values) {
      raw.putLong(value);
    }
    constants.add(tensorHeader(name, INT64, values.length).raw(9, ByteString.copyFrom(raw.flip())));
    return name;
  }

  /** A weight; written when the file is, so that no more than one is in memory. */
  String parameter(String name, Parameter parameter) {
    parameters.put(name, parameter);
    return name;
  }

  /** A {@code TensorProto} without its values. */
  static ProtoMessage tensorHeader(String name, int type, int... dims) {
    ProtoMessage tensor = new ProtoMessage();
    for (int dim : dims) {
      tensor.integer(1, dim);
    }
    return tensor.integer(2, type).string(8, name);
  }

  List<ProtoMessage> nodes() {
    return nodes;
  }

  List<ProtoMessage> constants() {
    return constants;
  }

  Map<String, Parameter> parameters() {
    return parameters;
  }
}
