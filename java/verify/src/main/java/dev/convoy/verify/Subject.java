package dev.convoy.verify;

import dev.convoy.backend.Backend;
import dev.convoy.backend.Mode;
import dev.convoy.cpu.CpuBackend;
import dev.convoy.plan.Backends;
import dev.convoy.reference.ReferenceBackend;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is put to the test.
 *
 * @param photos the folder of the photos that vision cases name; null leaves those unsupported
 */
public record Subject(Backend backend, Mode mode, @Nullable Path photos) {
  /** Without photos. */
  public static Subject of(Backend backend, Mode mode) {
    return new Subject(backend, mode, null);
  }

  /**
   * A backend by name, such as {@code native}, {@code reference} or {@code reference64} (the same
   * in double precision).
   *
   * @throws dev.convoy.ConvoyException for an unknown name, or a backend that cannot work here
   */
  public static Subject of(String backend, Mode mode) {
    return of(Backends.named(backend), mode);
  }

  public Subject photos(Path folder) {
    return new Subject(backend, mode, folder);
  }

  boolean isFloat64() {
    return backend instanceof ReferenceBackend && backend.name().equals("reference64");
  }

  /** {@code native avx512, exact}. */
  @Override
  public String toString() {
    String isa = backend instanceof CpuBackend cpu ? " " + cpu.isa() : "";
    return backend.name() + isa + ", " + mode.name().toLowerCase(java.util.Locale.ROOT);
  }
}
