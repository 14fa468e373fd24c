package dev.convoy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where Convoy keeps files between runs: unpacked native libraries, downloaded weights, tunings.
 */
public final class CacheFolders {
  /** The system property that names a folder to use first. */
  public static final String PROPERTY = "dev.convoy.cache";

  private CacheFolders() {}

  /**
   * The folders in the order in which they are tried, none of which need exist: the system property
   * {@value #PROPERTY} or the environment variable {@code CONVOY_CACHE} (if set), {@code
   * $XDG_CACHE_HOME/convoy} or {@code ~/.cache/convoy} (unless the user has no home, as in many
   * containers), a folder in the temporary one.
   */
  public static List<Path> all() {
    List<Path> folders = new ArrayList<>();
    String chosen = set(System.getProperty(PROPERTY, System.getenv("CONVOY_CACHE")));
    if (chosen != null) {
      folders.add(Path.of(chosen).toAbsolutePath());
    }
    String xdg = set(System.getenv("XDG_CACHE_HOME"));
    Path home = Path.of(System.getProperty("user.home"));
    if (xdg != null && Path.of(xdg).isAbsolute()) {
      folders.add(Path.of(xdg, "convoy"));
    } else if (home.isAbsolute()) {
      folders.add(home.resolve(Path.of(".cache", "convoy")));
    }
    folders.add(Path.of(System.getProperty("java.io.tmpdir"), "convoy-" + user()).toAbsolutePath());
    return folders;
  }

  /** The user's number, which every process has; its name need not exist. */
  private static String user() {
    try {
      return String.valueOf(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return System.getProperty("user.name"); // no Linux
    }
  }

  /** An empty variable is one that is not set. */
  private static @Nullable String set(@Nullable String value) {
    return value == null || value.isEmpty() ? null : value;
  }
}
