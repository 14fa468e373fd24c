package dev.convoy.plan;

import dev.convoy.backend.Backend;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.RunException;
import dev.convoy.backend.RunSignature;
import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;
import dev.convoy.nn.Network;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.ShapeException;
import dev.convoy.tensor.Tensor;
import dev.convoy.weights.Weights;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A network with its weights, compiled: tensors in, tensors out. Thread-safe.
 *
 * <pre>{@code
 * try (Model model = Model.of(lenet, Weights.load(path))) {
 *   Tensor probabilities = model.run(image);
 * }
 * }</pre>
 *
 * <p>{@link #close} waits for runs in flight, then frees; a model that nobody closes is reported,
 * as {@link Plan} says.
 */
public final class Model implements AutoCloseable {
  private final Graph graph;
  private final Plan plan;
  private final RunSignature signature;

  private Model(Graph graph, Plan plan) {
    this.graph = graph;
    this.plan = plan;
    this.signature = RunSignature.of(graph, plan.options());
  }

  /**
   * The best backend present, one image at a time; the weights must have every key that the
   * network's results need, and none that it does not know.
   */
  public static Model of(Network network, Weights weights) {
    return of(network, weights, Backends.best(), CompileOptions.DEFAULT);
  }

  /**
   * The network on a backend of choice, for a batch size of choice.
   *
   * @throws dev.convoy.weights.WeightsException if they do not fit, with the cure and the keys at
   *     fault
   * @throws dev.convoy.backend.UnsupportedGraphException if the backend lacks an operation
   */
  public static Model of(
      Network network, Weights weights, Backend backend, CompileOptions options) {
    return compile(network.graph(), weights.matching(network.graph()), backend, options);
  }

  /**
   * For graphs of several inputs or outputs, and parameters that come from elsewhere than a file.
   */
  public static Model compile(
      Graph graph, ParameterSource parameters, Backend backend, CompileOptions options) {
    return new Model(graph, Plan.compile(graph, parameters, backend, options));
  }

  /** The graph as it was given, before optimisation. */
  public Graph graph() {
    return graph;
  }

  public Plan plan() {
    return plan;
  }

  /** The shape of one image. */
  public Shape input() {
    return graph.node(graph.inputs().get(0)).shape();
  }

  /** The shape of the result for one image. */
  public Shape output() {
    return output(0);
  }

  /**
   * Runs one image (of shape {@link #input()}) or a batch of them (with one more dimension in
   * front).
   *
   * @return the first output, with the batch dimension if the input had one
   * @throws ShapeException naming the expected and the given shape
   * @throws RunException if the batch is larger than the model was compiled for
   */
  public Tensor run(Tensor images) {
    return runAll(images).get(0);
  }

  /** Like {@link #run(Tensor)}, with every output of the graph. */
  public List<Tensor> runAll(Tensor images) {
    boolean batched = images.shape().rank() == input().rank() + 1;
    int batch = batched ? images.shape().dim(0) : 1;
    Shape expected = batched ? input().batch(batch) : input();
    if (!images.shape().equals(expected)) {
      throw new ShapeException(
          "the network reads images of shape "
              + input()
              + " (or a batch of them), got "
              + images.shape());
    }
    float[][] results = results(batch, new float[][] {images.values()});
    return IntStream.range(0, results.length)
        .mapToObj(i -> new Tensor(batched ? output(i).batch(batch) : output(i), results[i]))
        .toList();
  }

  /**
   * Runs a batch of images that lie one after the other in an array.
   *
   * @param batch how many images, up to what the model was compiled for
   * @param images may be longer
   * @return the first output, one image's after the other's
   * @throws RunException if there are more images than that, or the array is too short for them
   */
  public float[] run(int batch, float[] images) {
    return results(batch, new float[][] {images})[0];
  }

  /** New arrays with every output; their memory is asked for once the run is known to be sound. */
  private float[][] results(int batch, float[][] inputs) {
    signature.checkInputs(batch, inputs);
    float[][] results = new float[graph.outputs().size()][];
    for (int i = 0; i < results.length; i++) {
      results[i] = new float[output(i).batch(batch).intSize()];
    }
    run(batch, inputs, results);
    return results;
  }

  private Shape output(int position) {
    return graph.node(graph.outputs().get(position)).shape();
  }

  /** Runs without allocating; see {@link Plan#run}. */
  public void run(int batch, float[][] inputs, float[][] outputs) {
    plan.run(batch, inputs, outputs);
  }

  /** What was chosen for every step, and why. */
  public String explain() {
    return plan.explain();
  }

  @Override
  public void close() {
    plan.close();
  }
}
