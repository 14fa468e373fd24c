package dev.convoy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where Convoy keeps files between runs: the unpacked native library, downloaded weights. */
public final class CacheFolders {
  /** The system property that names a folder to use first. */
  public static final String PROPERTY = "dev.convoy.cache";

  private CacheFolders() {}

  /**
   * The folders in the order in which they are tried, none of which need exist: the system property
   * {@value #PROPERTY} or the environment variable {@code CONVOY_CACHE} (if set), {@code
   * $XDG_CACHE_HOME/convoy} or {@code ~/.cache/convoy}, a folder in the temporary one.
   */
  public static List<Path> all() {
    List<Path> folders = new ArrayList<>();
    String chosen = set(System.getProperty(PROPERTY, System.getenv("CONVOY_CACHE")));
    if (chosen != null) {
      folders.add(Path.of(chosen).toAbsolutePath());
    }
    String xdg = set(System.getenv("XDG_CACHE_HOME"));
    folders.add(
        xdg != null && Path.of(xdg).isAbsolute()
            ? Path.of(xdg, "convoy")
            : Path.of(System.getProperty("user.home"), ".cache", "convoy"));
    folders.add(
        Path.of(System.getProperty("java.io.tmpdir"), "convoy-" + System.getProperty("user.name")));
    return folders;
  }

  /** An empty variable is one that is not set. */
  private static @Nullable String set(@Nullable String value) {
    return value == null || value.isEmpty() ? null : value;
  }
}
