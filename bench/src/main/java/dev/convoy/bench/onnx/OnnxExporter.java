package dev.convoy.bench.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import dev.convoy.graph.Node;
import dev.convoy.graph.Parameter;
import dev.convoy.graph.ParameterSource;
import dev.convoy.optimize.DropDeadNodes;
import dev.convoy.tensor.Shape;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes a graph and its weights as one ONNX file (IR version 9, operator set {@value #OPSET}).
 *
 * <p>Inputs and outputs are called as their nodes and begin with a symbolic dimension {@value
 * #BATCH}. Weights are inside the file and are written one at a time.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/main/docs/IR.md">Open Neural Network Exchange
 *     intermediate representation</a>
 */
public final class OnnxExporter {
  /** The name of every input's and output's first dimension. */
  public static final String BATCH = "batch";

  static final int OPSET = 20;
  private static final int IR_VERSION = 9;

  private static final int MODEL_GRAPH = 7;
  private static final int GRAPH_INITIALIZER = 5;
  private static final int TENSOR_RAW_DATA = 9;

  private OnnxExporter() {}

  /**
   * Writes the file, without the nodes that no output depends on.
   *
   * @param whole before layouts are assigned; other passes may have been applied
   * @throws OnnxExportException naming the layer that ONNX cannot express, or the file that cannot
   *     be written, or if the weights exceed the 2 GB that a protocol buffer may have
   */
  public static void write(Graph whole, ParameterSource parameters, Path file) {
    Graph graph = new DropDeadNodes().apply(whole);
    OnnxNodes nodes = new OnnxNodes();
    OnnxOperations operations = new OnnxOperations(graph, nodes);
    graph.nodes().stream().filter(n -> !(n.op() instanceof Input)).forEach(operations::add);
    ByteString structure = structure(graph, nodes);
    long size = structure.size();
    for (Map.Entry<String, Parameter> entry : nodes.parameters().entrySet()) {
      long tensor = tensorSize(header(entry.getKey(), entry.getValue()), entry.getValue().shape());
      size += CodedOutputStream.computeTagSize(GRAPH_INITIALIZER) + lengthSize(tensor) + tensor;
    }
    if (size > Integer.MAX_VALUE - (1 << 20)) {
      throw new OnnxExportException(
          "the network's weights take " + size + " bytes, an ONNX file holds less than 2^31");
    }
    try (OutputStream stream = Files.newOutputStream(file)) {
      CodedOutputStream out = CodedOutputStream.newInstance(stream, 1 << 16);
      out.writeRawBytes(model().toBytes());
      writeLengthDelimited(out, MODEL_GRAPH, size);
      out.writeRawBytes(structure);
      for (Map.Entry<String, Parameter> entry : nodes.parameters().entrySet()) {
        write(out, entry.getKey(), entry.getValue(), parameters);
      }
      out.flush();
    } catch (IOException e) {
      throw new OnnxExportException("cannot write " + file + ": " + e, e);
    }
  }

  /** The model without its graph. */
  private static ProtoMessage model() {
    return new ProtoMessage()
        .integer(1, IR_VERSION)
        .string(2, "convoy")
        .message(8, new ProtoMessage().string(1, "").integer(2, OPSET));
  }

  /** The graph without its weights. */
  private static ByteString structure(Graph graph, OnnxNodes nodes) {
    ProtoMessage message = new ProtoMessage();
    nodes.nodes().forEach(node -> message.message(1, node));
    message.string(2, "network");
    nodes.constants().forEach(constant -> message.message(GRAPH_INITIALIZER, constant));
    graph.inputs().forEach(id -> message.message(11, valueInfo(graph.node(id))));
    graph.outputs().forEach(id -> message.message(12, valueInfo(graph.node(id))));
    return message.toBytes();
  }

  private static ProtoMessage valueInfo(Node node) {
    ProtoMessage dims = new ProtoMessage().message(1, new ProtoMessage().string(2, BATCH));
    for (int dim : node.shape().toArray()) {
      dims.message(1, new ProtoMessage().integer(1, dim));
    }
    ProtoMessage tensor = new ProtoMessage().integer(1, OnnxNodes.FLOAT).message(2, dims);
    return new ProtoMessage()
        .string(1, node.name())
        .message(2, new ProtoMessage().message(1, tensor));
  }

  private static ByteString header(String name, Parameter parameter) {
    return OnnxNodes.tensorHeader(name, OnnxNodes.FLOAT, parameter.shape().toArray()).toBytes();
  }

  private static long tensorSize(ByteString header, Shape shape) {
    long raw = shape.size() * Float.BYTES;
    return header.size()
        + CodedOutputStream.computeTagSize(TENSOR_RAW_DATA)
        + lengthSize(raw)
        + raw;
  }

  private static int lengthSize(long length) {
    return CodedOutputStream.computeUInt64SizeNoTag(length);
  }

  private static void writeLengthDelimited(CodedOutputStream out, int field, long length)
      throws IOException {
    out.writeTag(field, 2);
    out.writeUInt64NoTag(length);
  }

  private static void write(
      CodedOutputStream out, String name, Parameter parameter, ParameterSource source)
      throws IOException {
    ByteString header = header(name, parameter);
    float[] values = parameter.value(source).values();
    if (values.length != parameter.shape().size()) {
      throw new OnnxExportException(
          name + " has " + values.length + " values, expected " + parameter.shape());
    }
    writeLengthDelimited(out, GRAPH_INITIALIZER, tensorSize(header, parameter.shape()));
    out.writeRawBytes(header);
    writeLengthDelimited(out, TENSOR_RAW_DATA, (long) values.length * Float.BYTES);
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);
    int perChunk = chunk.capacity() / Float.BYTES;
    for (int from = 0; from < values.length; from += perChunk) {
      int count = Math.min(perChunk, values.length - from);
      chunk.asFloatBuffer().put(values, from, count);
      out.writeRawBytes(chunk.array(), 0, count * Float.BYTES);
    }
  }

  /** Names of the graph's inputs as the file has them, in order. */
  public static List<String> inputNames(Graph graph) {
    return names(graph, graph.inputs());
  }

  /** Names of the graph's outputs as the file has them, in order. */
  public static List<String> outputNames(Graph graph) {
    return names(graph, graph.outputs());
  }

  private static List<String> names(Graph graph, List<Integer> ids) {
    return new ArrayList<>(ids.stream().map(id -> graph.node(id).name()).toList());
  }
}
