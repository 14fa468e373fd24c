package dev.convoy.cpu;

import dev.convoy.backend.Backend;
import dev.convoy.backend.BackendProvider;
import dev.convoy.backend.BackendUnavailableException;
import dev.convoy.cpu.internal.LibraryFolder;
import dev.convoy.cpu.internal.Native;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * A library of others whose algorithms may take layers of the native backend: an optional module
 * that is offered as a {@link BackendProvider} where it is on the class path. Nothing of it is
 * loaded before it is asked for. Thread-safe.
 *
 * <p>As a backend of its own it takes every layer that it can in {@link
 * dev.convoy.backend.Mode#FAST}; what it refuses is computed natively. EXACT mode has one order of
 * additions, so that an accelerator takes no layer there.
 */
public abstract class Accelerator implements BackendProvider {
  /**
   * What was loaded.
   *
   * @param description version and instruction set
   * @param nanos how long it took
   * @param bytes the size of its library files
   */
  public record Loaded(String description, long nanos, long bytes) {}

  private @Nullable Loaded loaded;
  private @Nullable BackendUnavailableException broken;

  /**
   * Library files as class path resources, in the order of loading: what the accelerator needs, the
   * accelerator, Convoy's plug-in for it. An absent one is an accelerator that is not complete.
   */
  protected abstract List<String> resources();

  /**
   * Environment variables that the libraries read when they are loaded, {@code NAME=VALUE}. They
   * are set for as long as that takes. C has no lock for the environment: native code of others
   * that reads it at that very moment may see either value, and in old C libraries worse.
   */
  protected List<String> environment(Isa isa) {
    return List.of();
  }

  /** The dependency that brings the libraries, for messages. */
  protected abstract String dependency();

  /**
   * Loads the libraries if that has not been done.
   *
   * @throws BackendUnavailableException with the reason and the cure; again at each later call
   */
  public synchronized Loaded load() {
    if (broken != null) {
      throw broken;
    }
    if (loaded == null) {
      try {
        loaded = loadNow();
      } catch (IOException | NativeException e) {
        broken =
            new BackendUnavailableException(
                "the accelerator '%s' does not load: %s".formatted(name(), e.getMessage()), e);
        throw broken;
      }
    }
    return loaded;
  }

  private Loaded loadNow() throws IOException {
    Isa isa = Isa.best();
    long start = System.nanoTime();
    List<Path> files = files(false);
    try {
      load(isa, files);
    } catch (NativeException e) {
      files = files(true); // what was unpacked earlier may be damaged
      loadAgain(isa, files);
    }
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return new Loaded(
        Native.convoy_accelerator_description(name()), System.nanoTime() - start, bytes);
  }

  private void load(Isa isa, List<Path> files) {
    List<String> entries = new ArrayList<>(environment(isa));
    files.forEach(file -> entries.add(file.toString()));
    NativeCall.check(Native.convoy_accelerator_load(name(), String.join("\n", entries)));
  }

  private void loadAgain(Isa isa, List<Path> files) {
    try {
      load(isa, files);
    } catch (NativeException e) {
      throw new NativeException(
          e.getMessage() + "; remove what is unpacked, and try again: " + files, e);
    }
  }

  private List<Path> files(boolean doubted) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String resource : resources()) {
      URL url = getClass().getClassLoader().getResource(resource);
      if (url == null) {
        throw new IOException(
            "%s is not on the class path: add %s".formatted(resource, dependency()));
      }
      files.add(LibraryFolder.fileOf(url, doubted));
    }
    return files;
  }

  @Override
  public Backend create() {
    return new CpuBackendProvider().create().accelerated(this);
  }

  /** Those on the class path, in order of their rank. */
  public static List<Accelerator> present() {
    return ServiceLoader.load(BackendProvider.class, Accelerator.class.getClassLoader()).stream()
        .filter(provider -> Accelerator.class.isAssignableFrom(provider.type()))
        .map(provider -> (Accelerator) provider.get())
        .sorted((a, b) -> Integer.compare(b.rank(), a.rank()))
        .toList();
  }
}
