package dev.convoy.onednn;

import dev.convoy.cpu.Accelerator;
import java.util.List;

/**
 * oneDNN, offered as {@code onednn}: convolutions, fully connected layers, average pooling, batch
 * norms, LRN, softmax, activations and sums on Convoy's own layout, so that no layer is reordered
 * for it.
 *
 * <p>Its sums are taken in another order than ours: a result of n products differs from the true
 * one by at most (n + 2) · 2⁻²⁴ · Σ|products|. oneDNN has one instruction set in a process, which
 * {@code CONVOY_MAX_ISA} caps.
 */
public final class OneDnn extends Accelerator {
  private static final String JAR = "org/bytedeco/dnnl/linux-x86_64/";

  @Override
  public String name() {
    return "onednn";
  }

  @Override
  public int rank() {
    return 80;
  }

  @Override
  protected List<String> resources() {
    return List.of(
        JAR + "libgomp.so.1",
        JAR + "libdnnl.so.3",
        "dev/convoy/onednn/linux-x86_64/libconvoy_onednn.so");
  }

  @Override
  protected String dependency() {
    return "org.bytedeco:dnnl:3.11-1.5.13 and dev.convoy:convoy-onednn, both with classifier linux-x86_64";
  }
}
