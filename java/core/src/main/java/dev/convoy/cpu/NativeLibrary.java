package dev.convoy.cpu;

import dev.convoy.cpu.internal.NativeLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the native library came from, for diagnosis. Asking loads it if that has not been tried.
 * Thread-safe.
 */
public final class NativeLibrary {
  /**
   * One place that was tried.
   *
   * @param place a file or folder
   * @param failure why it did not work; empty for the one that did
   */
  public record Attempt(String place, Optional<String> failure) {}

  private NativeLibrary() {}

  /**
   * The file in use.
   *
   * @throws NativeException with the cure if none can be loaded
   */
  public static Path file() {
    NativeLoader.load();
    Path file = NativeLoader.file();
    if (file == null) {
      throw new NativeException("the native library is being loaded by this very thread");
    }
    return file;
  }

  /** What tells the library in use from other builds, whatever its file is called. */
  static String build() {
    NativeLoader.load();
    return Objects.requireNonNull(NativeLoader.build());
  }

  /** Every place that was tried so far, in order. */
  public static List<Attempt> attempts() {
    return NativeLoader.attempts().stream()
        .map(attempt -> new Attempt(attempt.place(), Optional.ofNullable(attempt.failure())))
        .toList();
  }
}
