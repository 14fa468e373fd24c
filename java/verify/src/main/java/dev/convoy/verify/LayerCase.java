package dev.convoy.verify;

import dev.convoy.reference.GoldenNumbers;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One operation on tensors that are made from their names.
 *
 * @param leaves inputs and parameters by name, in the file's order, batch included
 * @param scale a factor on every leaf that is not around one; a power of two
 * @param aroundOne leaves with values near one
 * @param json the whole case, for what is special to the operation
 */
record LayerCase(
    String id,
    String op,
    Map<String, Shape> leaves,
    float scale,
    Set<String> aroundOne,
    JsonTree json,
    Digest expected)
    implements GoldenCase {

  /** The case of one line of a layer file. */
  static GoldenCase read(JsonTree json) {
    String id = json.get("id").text();
    String op = json.get("op").text();
    JsonTree out = json.get("out");
    Map<String, JsonTree> inputs = json.get("inputs").map();
    if (!LayerOps.has(op)) {
      return new UnsupportedCase(id, "no operation '" + op + "'");
    }
    if (!out.names().equals(Set.of("y"))) {
      return new UnsupportedCase(id, op + " with results " + out.names());
    }
    Map<String, Shape> leaves = new LinkedHashMap<>();
    inputs.forEach((name, shape) -> leaves.put(name, shape.shape()));
    float scale = (float) json.find("scale").map(JsonTree::number).orElse(1.0).doubleValue();
    Set<String> aroundOne =
        Set.copyOf(json.find("around_one").map(JsonTree::texts).orElse(List.of()));
    return new LayerCase(id, op, leaves, scale, aroundOne, json, Digest.read(out.get("y")));
  }

  @Override
  public CaseResult compare(Subject subject) {
    LayerGraph layer = LayerOps.graph(this);
    Comparison comparison = new Comparison();
    if (comparison.same("shape", expected.shape(), layer.result())) {
      float[][] inputs =
          layer.inputs().stream().map(name -> leaf(name).values()).toArray(float[][]::new);
      Evaluation evaluation =
          Evaluation.of(
              subject, layer.graph(), key -> leaf(layer.leaf(key)), layer.batch(), inputs);
      expected.check(comparison, evaluation.output(0), evaluation.accuracy());
    }
    return comparison.result(id);
  }

  /** The shape of a leaf that the operation cannot do without. */
  Shape shape(String leaf) {
    Shape shape = leaves.get(leaf);
    if (shape == null) {
      throw json.get("inputs").wrong("an object with '" + leaf + "'");
    }
    return shape;
  }

  private Tensor leaf(String name) {
    Shape shape = shape(name);
    String path = id + "/" + name;
    if (aroundOne.contains(name)) {
      return new Tensor(shape, GoldenNumbers.aroundOne(path, shape.intSize()));
    }
    float[] values = GoldenNumbers.signed(path, shape.intSize());
    for (int i = 0; i < values.length; i++) {
      values[i] *= scale;
    }
    return new Tensor(shape, values);
  }
}
