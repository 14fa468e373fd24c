package dev.convoy.weights;

import dev.convoy.tensor.Tensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tensors of an open file, located and checked but not read.
 *
 * @param tensors by the names they have in the file
 * @param metadata what the file says about itself
 * @param wrapper where in the file the state dict was found, or nothing
 * @param bytes the file's size
 */
record Checkpoint(
    WeightFile.Format format,
    Map<String, TensorView> tensors,
    Map<String, String> metadata,
    String wrapper,
    long bytes) {

  /** What DataParallel and torch.compile put before every name. */
  private static final List<String> PREFIXES = List.of("module.", "_orig_mod.");

  // Expanded views and shared storages make more of a file than it holds; only so much, though.
  private static final long MAX_GROWTH = 8;
  private static final long ALWAYS_ALLOWED = 64L << 20;

  /** The prefix that wrappers of a model left before every name; often nothing. */
  String prefix() {
    String prefix = "";
    boolean found = !tensors.isEmpty();
    while (found) {
      found = false;
      for (String candidate : PREFIXES) {
        String longer = prefix + candidate;
        if (tensors.keySet().stream()
            .allMatch(key -> key.startsWith(longer) && key.length() > longer.length())) {
          prefix = longer;
          found = true;
          break;
        }
      }
    }
    return prefix;
  }

  /** Every tensor, converted; tied ones are one. */
  Map<String, Tensor> read() throws IOException {
    checkGrowth();
    int prefix = prefix().length();
    Map<TensorView, Tensor> read = new HashMap<>();
    Map<String, Tensor> named = new LinkedHashMap<>();
    for (Map.Entry<String, TensorView> entry : tensors.entrySet()) {
      TensorView view = entry.getValue();
      Tensor tensor = read.get(view);
      if (tensor == null) {
        tensor = view.read("tensor " + FormatException.quote(entry.getKey()));
        read.put(view, tensor);
      }
      named.put(entry.getKey().substring(prefix), tensor);
    }
    return named;
  }

  private void checkGrowth() throws FormatException {
    long allowed = bytes * MAX_GROWTH + ALWAYS_ALLOWED;
    long wanted = 0;
    for (TensorView view : tensors.values()) {
      wanted += view.elements() * Float.BYTES;
      if (wanted > allowed) {
        throw new FormatException(
            "its tensors would take more than "
                + allowed
                + " bytes, from a file of "
                + bytes
                + ": many views of the same data",
            "save the tensors that are needed, not expanded views of them");
      }
    }
  }
}
