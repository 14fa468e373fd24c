package dev.convoy.reference;

import dev.convoy.backend.Choice;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Executable;
import dev.convoy.backend.Execution;
import dev.convoy.backend.RunException;
import dev.convoy.backend.RunSignature;
import dev.convoy.graph.Graph;
import dev.convoy.graph.Input;
import dev.convoy.graph.Node;
import dev.convoy.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A network compiled for the reference backend. Thread-safe; any number of runs at once.
 *
 * <p>Images go through the network one after the other, so a result never depends on the batch. A
 * value's memory is released after its last use, and a run allocates it anew: the reference is read
 * for its answers, not for its speed.
 */
public final class ReferenceExecutable implements Executable {
  private final Graph graph;
  private final List<Operation> operations;
  private final Precision precision;
  private final RunSignature signature;
  private final Workers workers;

  /** For each node the last node that reads it; a node beyond all where it is an output. */
  private final int[] lastUse;

  private final AtomicBoolean closed = new AtomicBoolean();

  ReferenceExecutable(
      Graph graph, List<Operation> operations, Precision precision, CompileOptions options) {
    this.graph = graph;
    this.operations = List.copyOf(operations);
    this.precision = precision;
    this.signature = RunSignature.of(graph, options);
    this.workers = options.threads() == 1 ? Workers.ALONE : Workers.TOGETHER;
    this.lastUse = graph.lastUses();
  }

  @Override
  public Execution open() {
    checkOpen();
    return new ReferenceExecution();
  }

  @Override
  public List<Choice> choices() {
    return graph.nodes().stream().map(this::choice).toList();
  }

  private Choice choice(Node node) {
    List<Shape> inputs = graph.inputShapes(node);
    long values = node.shape().size() + inputs.stream().mapToLong(Shape::size).sum();
    long weights = node.op().parameters(inputs).stream().mapToLong(p -> p.shape().size()).sum();
    return new Choice(
        node.name(),
        node.op() + " " + node.shape(),
        "reference",
        "",
        List.of(),
        node.op().macs(inputs, node.shape()),
        precision.bytes() * (values + weights),
        1,
        0);
  }

  /**
   * Like {@link Execution#run}, but the results are not rounded to float: for judging other
   * backends.
   *
   * @return for every output of the graph, in order, batch × size numbers in plain layout
   * @throws RunException if the batch or an input does not fit
   */
  public double[][] runDouble(int batch, float[][] inputs) {
    checkOpen();
    signature.checkInputs(batch, inputs);
    double[][] results =
        signature.outputs().stream()
            .map(node -> new double[node.shape().batch(batch).intSize()])
            .toArray(double[][]::new);
    for (int image = 0; image < batch; image++) {
      List<Reals> outputs = forward(image, inputs, null);
      for (int o = 0; o < results.length; o++) {
        Reals value = outputs.get(o);
        for (int i = 0; i < value.length(); i++) {
          results[o][image * value.length() + i] = value.get(i);
        }
      }
    }
    return results;
  }

  /** Every output of one image of the batch; adds to the time of each node where asked to. */
  private List<Reals> forward(int image, float[][] inputs, long @Nullable [] nanos) {
    // Set to null after their last use.
    List<@Nullable Reals> values = new ArrayList<>();
    int nextInput = 0;
    for (int id = 0; id < operations.size(); id++) {
      long start = System.nanoTime();
      Node node = graph.node(id);
      Reals value = precision.zeros(node.shape().intSize());
      if (node.op() instanceof Input) {
        float[] given = inputs[nextInput++];
        for (int i = 0; i < value.length(); i++) {
          value.set(i, given[image * value.length() + i]);
        }
      } else {
        operations.get(id).run(alive(values, node.inputs()), value, workers);
      }
      values.add(value);
      for (int input : node.inputs()) {
        if (lastUse[input] == id) {
          values.set(input, null);
        }
      }
      if (nanos != null) {
        nanos[id] += System.nanoTime() - start;
      }
    }
    return alive(values, graph.outputs());
  }

  private static List<Reals> alive(List<@Nullable Reals> values, List<Integer> ids) {
    List<Reals> found = new ArrayList<>();
    for (int id : ids) {
      Reals value = values.get(id);
      if (value == null) {
        throw new IllegalStateException("value " + id + " was released before its last use");
      }
      found.add(value);
    }
    return found;
  }

  private void checkOpen() {
    if (closed.get()) {
      throw new IllegalStateException("this network is closed: compile it again");
    }
  }

  /** Nothing is held outside the heap; from now on the network refuses to run. */
  @Override
  public void close() {
    closed.set(true);
  }

  private final class ReferenceExecution implements Execution {
    private boolean ended;

    @Override
    public void run(int batch, float[][] inputs, float[][] outputs) {
      run(batch, inputs, outputs, null);
    }

    @Override
    public void profile(int batch, float[][] inputs, float[][] outputs, long[] nanos) {
      if (nanos.length != operations.size()) {
        throw new RunException(
            "the network has %d steps, got room for the times of %d"
                .formatted(operations.size(), nanos.length));
      }
      Arrays.fill(nanos, 0);
      run(batch, inputs, outputs, nanos);
    }

    private void run(int batch, float[][] inputs, float[][] outputs, long @Nullable [] nanos) {
      if (ended) {
        throw new IllegalStateException("this execution is closed: open another one");
      }
      checkOpen();
      signature.check(batch, inputs, outputs);
      for (int image = 0; image < batch; image++) {
        List<Reals> results = forward(image, inputs, nanos);
        for (int o = 0; o < outputs.length; o++) {
          Reals value = results.get(o);
          for (int i = 0; i < value.length(); i++) {
            outputs[o][image * value.length() + i] = (float) value.get(i);
          }
        }
      }
    }

    @Override
    public void close() {
      ended = true;
    }
  }
}
