package dev.convoy.openblas;

import dev.convoy.cpu.Accelerator;
import dev.convoy.cpu.AcceleratorContract;

class OpenBlasTest extends AcceleratorContract {
  private static final Accelerator ACCELERATOR = new OpenBlas();

  @Override
  protected Accelerator accelerator() {
    return ACCELERATOR;
  }
}
