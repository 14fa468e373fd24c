package dev.convoy.cpu;

import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendProvider;

/** Offers {@link CpuBackend} as {@code native}. */
public final class CpuBackendProvider implements BackendProvider {
  @Override
  public String name() {
    return "native";
  }

  @Override
  public int rank() {
    return 100;
  }

  @Override
  public Backend create() {
    return CpuBackend.create();
  }
}
