package dev.convoy.weights;

import dev.convoy.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a weight file holds, as it is stored: read without converting a value.
 *
 * @param path the file
 * @param format told from its contents
 * @param bytes its size
 * @param tensors in the file's order
 * @param metadata what a safetensors file says about itself; empty for the other formats
 * @param wrapper the keys that lead to the state dict inside a checkpoint, joined by dots ({@code
 *     state_dict}); empty where the file is the state dict
 * @param prefix what {@link Weights#load} takes off every key ({@code module.}); empty for most
 */
public record WeightFile(
    Path path,
    Format format,
    long bytes,
    List<StoredTensor> tensors,
    Map<String, String> metadata,
    String wrapper,
    String prefix) {

  public WeightFile {
    tensors = List.copyOf(tensors);
  }

  /**
   * The shapes of the tensors that have elements, by the keys under which {@link Weights#load} has
   * them.
   */
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    for (StoredTensor tensor : tensors) {
      if (tensor.bytes > 0) {
        int[] dims = tensor.shape.stream().mapToInt(Math::toIntExact).toArray();
        shapes.put(tensor.key.substring(prefix.length()), Shape.of(dims));
      }
    }
    return shapes;
  }

  /** How a file is laid out. */
  public enum Format {
    SAFETENSORS("safetensors"),
    PYTORCH_ZIP("PyTorch, zip container"),
    PYTORCH_LEGACY("PyTorch, legacy container");

    private final String title;

    Format(String title) {
      this.title = title;
    }

    @Override
    public String toString() {
      return title;
    }
  }

  /**
   * One tensor of a file.
   *
   * @param key its name in the file, prefix included
   * @param dtype how an element is stored: {@code float32}, {@code bfloat16}, {@code int64}, …
   * @param shape its dimensions, outermost first; 0 is possible
   * @param bytes that its elements take in that type
   */
  public record StoredTensor(String key, String dtype, List<Long> shape, long bytes) {
    public StoredTensor {
      shape = List.copyOf(shape);
    }
  }

  /**
   * Looks into a file; throws {@link WeightsException} for everything that {@link Weights#load}
   * would refuse for its structure.
   */
  public static WeightFile inspect(Path path) {
    try (OpenCheckpoint open = Checkpoints.open(path)) {
      Checkpoint checkpoint = open.checkpoint();
      List<StoredTensor> tensors = new ArrayList<>();
      checkpoint
          .tensors()
          .forEach(
              (key, view) ->
                  tensors.add(
                      new StoredTensor(
                          key,
                          view.type().dtype(),
                          view.dims(),
                          view.elements() * view.type().bytes())));
      return new WeightFile(
          path,
          checkpoint.format(),
          checkpoint.bytes(),
          tensors,
          checkpoint.metadata(),
          checkpoint.wrapper(),
          checkpoint.prefix());
    } catch (IOException e) {
      throw new WeightsException("weight file " + path + ": cannot be closed: " + e, e);
    }
  }
}
