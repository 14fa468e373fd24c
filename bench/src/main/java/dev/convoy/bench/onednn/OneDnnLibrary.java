package dev.convoy.bench.onednn;

import com.sun.jna.NativeLibrary;
import dev.convoy.cpu.Isa;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.Nullable;

/** oneDNN in this process: one library, one processor, instruction sets capped once for all. */
public final class OneDnnLibrary {
  private static final int CPU_ENGINE = dnnl.dnnl_cpu;

  private static @Nullable OneDnnLibrary loaded;

  private final Isa isa;
  private final engine processor;
  private final NativeLibrary openMp;

  private OneDnnLibrary(Isa isa) {
    this.isa = isa;
    if (isa != Isa.AVX512) {
      int cap = isa == Isa.AVX2 ? dnnl.dnnl_cpu_isa_avx2 : dnnl.dnnl_cpu_isa_sse41;
      check(dnnl.dnnl_set_max_cpu_isa(cap), "the cap to " + isa);
    }
    this.processor = new engine(CPU_ENGINE, 0);
    this.openMp = NativeLibrary.getInstance(mapped("libgomp.so").toString());
  }

  /**
   * Loads the library the first time.
   *
   * @param isa at most this is used; the same in every call, as the library can be capped only once
   * @throws OneDnnException if that cannot be
   */
  public static synchronized OneDnnLibrary load(Isa isa) {
    OneDnnLibrary library = loaded;
    if (library == null) {
      try {
        Loader.load(dnnl.class);
        library = new OneDnnLibrary(isa);
      } catch (LinkageError | RuntimeException e) {
        throw new OneDnnException("oneDNN cannot be loaded: " + e, e);
      }
      loaded = library;
    }
    if (library.isa != isa) {
      throw new OneDnnException(
          "oneDNN is capped to " + library.isa + " in this process, not to " + isa);
    }
    return library;
  }

  private static void check(int status, String what) {
    if (status != 0) {
      throw new OneDnnException("oneDNN refuses " + what + " with status " + status);
    }
  }

  /**
   * Where a library of this process was loaded from. oneDNN brings an OpenMP of its own; a system's
   * copy would be another one, with another number of threads.
   */
  private static Path mapped(String name) {
    try {
      return Files.readAllLines(Path.of("/proc/self/maps")).stream()
          .filter(line -> line.contains("/" + name))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .findFirst()
          .orElseThrow(() -> new OneDnnException("oneDNN was loaded without " + name));
    } catch (IOException e) {
      throw new OneDnnException("the loaded libraries cannot be listed: " + e, e);
    }
  }

  engine processor() {
    return processor;
  }

  /** Teams that this thread opens from now on have so many threads, itself included. */
  void setThreads(int count) {
    openMp.getFunction("omp_set_num_threads").invokeVoid(new Object[] {count});
  }
}
