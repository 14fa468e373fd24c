package dev.convoy.cpu.internal;

import dev.convoy.CacheFolders;
import dev.convoy.cpu.NativeException;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.bytedeco.javacpp.Loader;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * Loads the native library once: unpacked from the jar into the first of the {@link CacheFolders}
 * that can hold executable files, under a name that contains its checksum. Every attempt is kept.
 * The system property {@value #FILE_PROPERTY} names a library file to use instead of the jar's.
 */
@NullMarked
public final class NativeLoader {
  public static final String FILE_PROPERTY = "dev.convoy.library";

  private static final String JAVACPP_CACHE = "org.bytedeco.javacpp.cachedir";
  private static final String RESOURCE = "dev/convoy/cpu/internal/linux-x86_64/libjniconvoy.so";

  /**
   * One place that was tried.
   *
   * @param place a file or folder
   * @param failure why it did not work; null for the one that did
   */
  public record Attempt(String place, @Nullable String failure) {}

  private static final List<Attempt> ATTEMPTS = new ArrayList<>();
  private static @Nullable Path loaded;
  private static @Nullable String build;
  private static boolean loading;
  private static @Nullable String broken;

  private NativeLoader() {}

  /**
   * Loads the library if that has not been done. Thread-safe.
   *
   * @throws NativeException with the cure, each attempt a suppressed exception; again at each later
   *     call
   */
  public static synchronized void load() {
    // Initialising Native comes back here; JavaCPP's generator does so without a library.
    if (loaded != null || loading || !Loader.isLoadLibraries()) {
      return;
    }
    if (broken == null) {
      loading = true;
      keepJavaCppOutOfTheWorkingDirectory();
      try {
        broken = tryEverywhere();
      } finally {
        loading = false;
      }
    }
    if (broken != null) {
      NativeException failure = new NativeException(broken);
      for (Attempt attempt : ATTEMPTS) {
        failure.addSuppressed(new NativeException(attempt.place + ": " + attempt.failure));
      }
      throw failure;
    }
  }

  /** Of a user without a home it would make a folder '?' there. */
  private static void keepJavaCppOutOfTheWorkingDirectory() {
    if (!Path.of(System.getProperty("user.home")).isAbsolute()
        && System.getProperty(JAVACPP_CACHE) == null) {
      System.setProperty(JAVACPP_CACHE, CacheFolders.all().get(0).toString());
    }
  }

  /** What has been tried so far, in order. */
  public static synchronized List<Attempt> attempts() {
    return List.copyOf(ATTEMPTS);
  }

  /** The library file in use, or null. */
  public static synchronized @Nullable Path file() {
    return loaded;
  }

  /** What tells the library in use from other builds, whatever its file is called, or null. */
  public static synchronized @Nullable String build() {
    return build;
  }

  /** Null if the library is loaded now, else what is wrong and the cure. */
  private static @Nullable String tryEverywhere() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    if (!system.toLowerCase(Locale.ROOT).matches("linux (amd64|x86_64)")) {
      return "the native library is built for Linux on x86-64, this is "
          + system
          + ": use the reference backend";
    }
    String file = System.getProperty(FILE_PROPERTY);
    if (file != null) {
      return attempt(Path.of(file).toAbsolutePath(), null)
          ? null
          : "the library named by -D"
              + FILE_PROPERTY
              + "="
              + file
              + " does not load: "
              + lastFailure();
    }
    URL resource = NativeLoader.class.getClassLoader().getResource(RESOURCE);
    if (resource == null) {
      return "the native library is not on the class path: add the jar convoy-core with classifier linux-x86_64,"
          + " or build without -Dnative.skip";
    }
    Packed library;
    try {
      library = Packed.in(resource);
    } catch (IOException e) {
      return "the native library cannot be read from its jar: " + e.getMessage();
    }
    for (Path folder : CacheFolders.all()) {
      if (attempt(folder, library)) {
        return null;
      }
    }
    return "the native library loads from none of "
        + ATTEMPTS.stream().map(Attempt::place).toList()
        + ": name a writable folder on a file system that allows execution with -D"
        + CacheFolders.PROPERTY
        + "=FOLDER or CONVOY_CACHE (last failure: "
        + lastFailure()
        + ")";
  }

  private static @Nullable String lastFailure() {
    return ATTEMPTS.get(ATTEMPTS.size() - 1).failure;
  }

  /**
   * Loads {@code place} itself, or unpacks {@code library} into it and loads that; records the
   * outcome.
   */
  private static boolean attempt(Path place, @Nullable Packed library) {
    try {
      Path file = library == null ? place : library.unpack(place);
      loadFile(file);
      if (Native.convoy_abi() != Native.CONVOY_ABI) {
        throw new IOException(
            "it has interface version " + Native.convoy_abi() + ", expected " + Native.CONVOY_ABI);
      }
      build = library == null ? build(Files.readAllBytes(file)) : library.build();
      loaded = file;
      ATTEMPTS.add(new Attempt(file.toString(), null));
      return true;
    } catch (IOException | RuntimeException | LinkageError e) {
      ATTEMPTS.add(new Attempt(place.toString(), reason(e)));
      return false;
    }
  }

  private static String reason(Throwable e) {
    String text = e.getMessage() == null ? e.toString() : e.getMessage();
    return e instanceof IllegalCallerException
        ? text + ": run java with --enable-native-access=ALL-UNNAMED"
        : text;
  }

  /** The library on the class path, known by what its jar says of it without being unpacked. */
  private record Packed(URL resource, long checksum, long bytes) {
    static Packed in(URL resource) throws IOException {
      if (resource.openConnection() instanceof JarURLConnection connection) {
        connection.setUseCaches(false);
        try (JarFile jar = connection.getJarFile()) {
          ZipEntry entry = jar.getEntry(connection.getEntryName());
          return new Packed(resource, entry.getCrc(), entry.getSize());
        }
      }
      try (InputStream in = resource.openStream()) {
        byte[] library = in.readAllBytes();
        return new Packed(resource, LibraryFolder.checksum(library), library.length);
      }
    }

    String build() {
      return NativeLoader.build(checksum, bytes);
    }

    Path unpack(Path folder) throws IOException {
      Path file = LibraryFolder.prepared(folder).resolve("libjniconvoy-" + build() + ".so");
      if (!Files.exists(file) || LibraryFolder.checksum(Files.readAllBytes(file)) != checksum) {
        try (InputStream in = resource.openStream()) {
          LibraryFolder.store(in, file);
        }
      }
      LibraryFolder.checkExecutable(file);
      return file;
    }
  }

  private static void loadFile(Path file) throws IOException {
    try {
      System.load(file.toString());
    } catch (UnsatisfiedLinkError e) {
      if (e.getMessage() == null
          || !e.getMessage().contains("already loaded in another classloader")) {
        throw e;
      }
      Path copy = Files.createTempFile(file.getParent(), "libjniconvoy-loader", ".so");
      try {
        Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        System.load(copy.toString());
      } finally {
        Files.delete(copy);
      }
    }
  }

  private static String build(byte[] library) {
    return build(LibraryFolder.checksum(library), library.length);
  }

  private static String build(long checksum, long bytes) {
    return HexFormat.of().toHexDigits((int) checksum) + "-" + bytes;
  }
}
