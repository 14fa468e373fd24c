package dev.convoy.weights;

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

  /** Refuses a file whose tensors would take many times its own size. */
  void checkGrowth() throws FormatException {
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
