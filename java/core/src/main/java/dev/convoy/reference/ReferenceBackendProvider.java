package dev.convoy.reference;

import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendProvider;

/** Offers {@link ReferenceBackend#float32()} as {@code reference}. */
public final class ReferenceBackendProvider implements BackendProvider {
  /** Offers {@link ReferenceBackend#float64()} as {@code reference64}. */
  public static final class InDouble implements BackendProvider {
    @Override
    public String name() {
      return "reference64";
    }

    @Override
    public int rank() {
      return 0;
    }

    @Override
    public Backend create() {
      return ReferenceBackend.float64();
    }
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public int rank() {
    return 1;
  }

  @Override
  public Backend create() {
    return ReferenceBackend.float32();
  }
}
