package dev.convoy.weights;

import dev.convoy.graph.Graph;
import dev.convoy.graph.ParameterSource;
import dev.convoy.graph.internal.BufferSource;
import dev.convoy.tensor.Shape;
import dev.convoy.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Named float32 tensors in order: the trained parameters of a network, under the keys of its
 * checkpoint ({@code layer1.0.conv1.weight}). Immutable and safe to share between threads, as long
 * as nobody writes into the tensors' arrays.
 *
 * <p>Those of a file are read each time they are asked for, and not kept: compiling a network takes
 * them from the file to the kernels' own layout without a copy on the Java heap. The file stays
 * open as long as anything made from its weights is reachable, so it may be moved or deleted, but
 * not written to.
 */
public final class Weights implements ParameterSource, BufferSource {
  private static final String COUNTER = "num_batches_tracked";

  private final String source;
  private final Map<String, TensorSource> tensors;

  private Weights(String source, Map<String, TensorSource> tensors) {
    this.source = source;
    this.tensors = Collections.unmodifiableMap(tensors);
  }

  /** Weights that were made, not loaded; the map's order is kept. */
  public static Weights of(Map<String, Tensor> tensors) {
    Map<String, TensorSource> held = new LinkedHashMap<>();
    tensors.forEach((key, tensor) -> held.put(key, new TensorSource.Held(tensor)));
    return new Weights("the weights", held);
  }

  /**
   * Reads a safetensors file or a PyTorch state dict (both containers of {@code torch.save}); the
   * contents tell which, the name does not matter.
   *
   * <p>Every element type becomes float32 as a cast does it; views are made dense. A state dict
   * inside a checkpoint ({@code state_dict}, {@code model}, {@code model_state_dict}, …) is found,
   * and {@code module.} is taken off where every key has it. Nothing in the file is executed. What
   * the file says of its tensors is checked against its size now, their elements are read later.
   *
   * @throws WeightsException naming the file, the field at fault and the cure, for whatever is
   *     wrong with the file
   */
  public static Weights load(Path file) {
    return new Weights(file.toString(), located(Checkpoints.open(file)));
  }

  /**
   * Reads what {@link #load} reads from a stream, such as a resource on the class path, and holds
   * all its bytes: in memory, those of PyTorch's zip container in a nameless temporary file. The
   * caller closes the stream.
   *
   * @param name of the weights, for messages
   * @throws WeightsException as {@link #load} does
   */
  public static Weights read(InputStream in, String name) {
    byte[] bytes;
    try {
      bytes = in.readAllBytes();
    } catch (IOException e) {
      throw new WeightsException(name + ": cannot be read: " + e.getMessage(), e);
    }
    return new Weights(name, located(Checkpoints.of(name, new MemoryBytes(bytes))));
  }

  private static Map<String, TensorSource> located(OpenCheckpoint open) {
    return Checkpoints.reading(
        open.source(),
        () -> {
          try {
            open.checkpoint().checkGrowth();
          } catch (FormatException e) {
            open.close(); // nobody will read it
            throw e;
          }
          return open.tensors();
        });
  }

  /**
   * Whether this is the key of a counter of training steps ({@code bn1.num_batches_tracked}), which
   * no network stores and inference does not need.
   */
  public static boolean isCounter(String key) {
    return key.endsWith(COUNTER);
  }

  /** The keys, in order. */
  public List<String> names() {
    return List.copyOf(tensors.keySet());
  }

  /** The shape of every tensor by its key, in order. */
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    tensors.forEach((key, tensor) -> shapes.put(key, tensor.shape()));
    return shapes;
  }

  /** The tensor of this key; throws {@link WeightsException} if there is none. */
  @Override
  public Tensor tensor(String key) {
    return find(key).tensor();
  }

  @Override
  public void read(String key, Shape shape, FloatBuffer into) {
    TensorSource tensor = find(key);
    if (tensor.shape().equals(shape)) {
      tensor.read(into);
    } else {
      tensor(key, shape); // says what is wrong
    }
  }

  private TensorSource find(String key) {
    TensorSource tensor = tensors.get(key);
    if (tensor == null) {
      throw new WeightsException(
          source
              + " has no tensor '"
              + key
              + "' among its "
              + tensors.size()
              + "; check the keys against the network with matching(graph)");
    }
    return tensor;
  }

  /**
   * The tensors that a network stores, in its order.
   *
   * <p>What counts training steps is passed over. What no output depends on, such as the layers
   * behind those of {@link Graph#withOutputs}, may be absent or of another shape.
   *
   * @throws WeightsException with the cure, and how many keys are missing, unexpected and of
   *     another shape, the first ten of each by name
   */
  public Weights matching(Graph graph) {
    return matching(graph, Optional::empty);
  }

  /**
   * The same, where the caller may know more about these weights than their keys tell.
   *
   * @param cure what to say where they do not fit; empty: what the keys tell
   */
  public Weights matching(Graph graph, Supplier<Optional<String>> cure) {
    Mismatch mismatch = Mismatch.between(graph, shapes());
    if (!mismatch.isEmpty()) {
      throw new WeightsException(mismatch.report(source, cure.get()));
    }
    Map<String, TensorSource> matching = new LinkedHashMap<>();
    for (String key : graph.storedParameters().keySet()) {
      TensorSource tensor = tensors.get(key);
      if (tensor != null) {
        matching.put(key, tensor);
      }
    }
    return new Weights(source, matching);
  }

  /**
   * The same tensors under other keys; throws {@link WeightsException} where two would get the same
   * one.
   */
  public Weights renamed(UnaryOperator<String> newName) {
    Map<String, TensorSource> renamed = new LinkedHashMap<>();
    tensors.forEach(
        (key, tensor) -> {
          String name = newName.apply(key);
          if (renamed.put(name, tensor) != null) {
            throw new WeightsException(
                source + ": '" + key + "' and another key both become '" + name + "'");
          }
        });
    return new Weights(source, renamed);
  }

  /** The tensors whose keys pass the test. */
  public Weights only(Predicate<String> keys) {
    Map<String, TensorSource> kept = new LinkedHashMap<>(tensors);
    kept.keySet().removeIf(keys.negate());
    return new Weights(source, kept);
  }

  /** The same with other shapes, of as many elements, for the tensors of these keys. */
  public Weights reshaped(Map<String, Shape> shapes) {
    Map<String, TensorSource> reshaped = new LinkedHashMap<>(tensors);
    shapes.forEach((key, shape) -> reshaped.put(key, find(key).reshaped(shape)));
    return new Weights(source, reshaped);
  }

  /** Writes a float32 safetensors file; {@link SafetensorsWriter} knows more. */
  public void save(Path file) {
    SafetensorsWriter.float32().write(this, file);
  }

  @Override
  public String toString() {
    return "Weights[" + source + ", " + tensors.size() + " tensors]";
  }
}
