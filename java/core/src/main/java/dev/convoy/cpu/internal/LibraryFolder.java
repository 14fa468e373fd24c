package dev.convoy.cpu.internal;

import dev.convoy.CacheFolders;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.jar.JarEntry;
import java.util.zip.CRC32;
import org.jspecify.annotations.NullMarked;

/** How library files get into one of the {@link CacheFolders}. */
@NullMarked
public final class LibraryFolder {
  private LibraryFolder() {}

  /** The folder, made if it is missing. */
  public static Path prepared(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    if (folder.startsWith(System.getProperty("java.io.tmpdir"))) {
      checkOwner(folder);
    }
    return folder;
  }

  /** Who we are is told by a file of ours: a user without an entry in passwd has no name. */
  private static void checkOwner(Path folder) throws IOException {
    Path ours = Files.createTempFile(folder, "owner", null);
    try {
      UserPrincipal owner = Files.getOwner(folder);
      if (!owner.equals(Files.getOwner(ours))) {
        throw new IOException("the folder belongs to " + owner + ", who could replace the library");
      }
    } finally {
      Files.delete(ours);
    }
  }

  /** Writes the file wholly or not at all, whoever else does so at the same time. */
  public static void store(InputStream from, Path file) throws IOException {
    Path fresh = Files.createTempFile(file.getParent(), "unpacking", ".so");
    try {
      Files.copy(from, fresh, StandardCopyOption.REPLACE_EXISTING);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwx------"));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  static void checkExecutable(Path file) throws IOException {
    if (!Files.isExecutable(file)) {
      throw new IOException("the file system is mounted noexec: nothing in it can be loaded");
    }
  }

  /**
   * Tells builds and damaged copies apart; the folder's owner keeps others out. Computed by the
   * processor even before anything is compiled, which a digest is not.
   */
  static long checksum(byte[] library) {
    CRC32 sum = new CRC32();
    sum.update(library);
    return sum.getValue();
  }

  /**
   * A file that holds the resource: itself if it is a file, else unpacked from its jar into the
   * first folder that takes it. A file unpacked earlier is known by the checksum in its name and by
   * its size: reading tens of megabytes again would cost more than loading them.
   *
   * @param doubted whether to read it nevertheless, and to replace it if it is damaged
   * @throws IOException naming every folder and why it does not serve
   */
  public static Path fileOf(URL resource, boolean doubted) throws IOException {
    if (!(resource.openConnection() instanceof JarURLConnection jar)) {
      return Path.of(resource.getPath());
    }
    jar.setUseCaches(false);
    IOException failure = new IOException(resource + " can be unpacked nowhere");
    try (var opened = jar.getJarFile()) {
      JarEntry entry = jar.getJarEntry();
      String name = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
      for (Path folder : CacheFolders.all()) {
        try {
          Path file = prepared(folder).resolve("%08x-%s".formatted(entry.getCrc(), name));
          if (!Files.exists(file)
              || Files.size(file) != entry.getSize()
              || (doubted && checksum(Files.readAllBytes(file)) != entry.getCrc())) {
            try (InputStream in = opened.getInputStream(entry)) {
              store(in, file);
            }
          }
          checkExecutable(file);
          return file;
        } catch (IOException e) {
          failure.addSuppressed(new IOException(folder + ": " + e.getMessage(), e));
        }
      }
    }
    throw failure;
  }
}
