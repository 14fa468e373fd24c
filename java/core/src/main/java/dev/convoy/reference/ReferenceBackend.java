package dev.convoy.reference;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.UnsupportedGraphException;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Node;
import dev.convoy.graph.ParameterSource;
import dev.convoy.tensor.ShapeException;
import java.util.ArrayList;
import java.util.List;

/**
 * The pure-Java backend that says what the right answer is: every operation as plain loops, in the
 * order that the package's description fixes.
 *
 * <p>It takes every graph, optimised or not, and every mode (they are the same here). Layouts are
 * ignored: all values are plain. With {@link CompileOptions#threads} 1 a run stays on its thread,
 * otherwise it shares the common fork-join pool; the results do not depend on it.
 */
public final class ReferenceBackend implements Backend {
  private final String name;
  private final Precision precision;

  private ReferenceBackend(String name, Precision precision) {
    this.name = name;
    this.precision = precision;
  }

  /**
   * Rounds every operation to float: defines the bits of {@code EXACT}. Named {@code reference}.
   */
  public static ReferenceBackend float32() {
    return new ReferenceBackend("reference", Precision.FLOAT32);
  }

  /**
   * Computes in double from the float parameters, folded ones included; {@link
   * ReferenceExecutable#runDouble} gives the results unrounded. Named {@code reference64}.
   */
  public static ReferenceBackend float64() {
    return new ReferenceBackend("reference64", Precision.FLOAT64);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ReferenceExecutable compile(
      Graph graph, ParameterSource parameters, CompileOptions options) {
    List<Operation> operations = new ArrayList<>();
    for (Node node : graph.nodes()) {
      List<Reals> values =
          node.parameters().stream().map(p -> precision.parameter(p, parameters)).toList();
      try {
        node.shape().intSize();
        operations.add(
            Operations.of(node.op(), graph.inputShapes(node), node.shape(), values, precision));
      } catch (ShapeException e) {
        throw new UnsupportedGraphException("layer '" + node.name() + "': " + e.getMessage());
      }
    }
    return new ReferenceExecutable(graph, operations, precision, options);
  }
}
