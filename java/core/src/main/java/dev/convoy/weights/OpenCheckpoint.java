package dev.convoy.weights;

import java.io.Closeable;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A checkpoint whose tensors can be read until its file is closed. One that nobody closes is closed
 * by the file's own cleaner, when no tensor of it is reachable any more.
 *
 * @param source the file, for messages
 */
record OpenCheckpoint(String source, Checkpoint checkpoint, Closeable file) implements Closeable {

  /** Every tensor by its key without the prefix, to be read when it is asked for. */
  Map<String, TensorSource> tensors() {
    int prefix = checkpoint.prefix().length();
    Map<String, TensorSource> tensors = new LinkedHashMap<>();
    checkpoint
        .tensors()
        .forEach(
            (key, view) ->
                tensors.put(
                    key.substring(prefix),
                    new TensorSource.Unread(
                        source, "tensor " + FormatException.quote(key), view, view.shape())));
    return tensors;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
