package dev.convoy.onednn;

import dev.convoy.cpu.Accelerator;
import dev.convoy.cpu.AcceleratorContract;

class OneDnnTest extends AcceleratorContract {
  private static final Accelerator ACCELERATOR = new OneDnn();

  @Override
  protected Accelerator accelerator() {
    return ACCELERATOR;
  }
}
