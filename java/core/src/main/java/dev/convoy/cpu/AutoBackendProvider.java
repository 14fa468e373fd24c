package dev.convoy.cpu;

import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendProvider;

/**
 * Offers {@link CpuBackend#auto} as {@code auto}. It ranks below {@code native}: without being
 * asked nobody waits for an accelerator to load.
 */
public final class AutoBackendProvider implements BackendProvider {
  private final CpuBackendProvider nativeOne = new CpuBackendProvider();

  @Override
  public String name() {
    return "auto";
  }

  @Override
  public int rank() {
    return 90;
  }

  @Override
  public Backend create() {
    return nativeOne.create().auto();
  }
}
