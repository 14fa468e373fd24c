package dev.convoy.cpu;

import dev.convoy.backend.BackendProvider;
import dev.convoy.backend.BackendUnavailableException;
import dev.convoy.cpu.internal.NativeLoader;

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
  public CpuBackend create() {
    try {
      NativeLoader.load();
    } catch (NativeException e) {
      throw new BackendUnavailableException(String.valueOf(e.getMessage()), e);
    }
    return CpuBackend.create();
  }
}
