package dev.convoy.cpu;

import dev.convoy.ConvoyException;
import dev.convoy.cpu.internal.NativeLoader;
import dev.convoy.plan.Backends;

/** What a fresh JVM says about the native library; run by {@link NativeLoadingTest}. */
final class LoaderProbe {
  private LoaderProbe() {}

  public static void main(String[] arguments) {
    try {
      System.out.println("isa " + CpuBackend.create().isa());
    } catch (NativeException e) {
      System.out.println("refused " + e.getMessage());
      for (Throwable attempt : e.getSuppressed()) {
        System.out.println("suppressed " + attempt.getMessage());
      }
    }
    for (NativeLoader.Attempt attempt : NativeLoader.attempts()) {
      System.out.println("attempt " + attempt.place() + ": " + attempt.failure());
    }
    System.out.println("build " + NativeLoader.build());
    try {
      System.out.println("best " + Backends.best().name());
    } catch (ConvoyException e) {
      System.out.println("best refused " + e.getMessage());
    }
  }
}
