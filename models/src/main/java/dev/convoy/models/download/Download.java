package dev.convoy.models.download;

import dev.convoy.FileFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file that is fetched over HTTP, and appears under its name complete and checked or not at all.
 *
 * <p>What arrives is kept in {@code NAME.part} beside it, under a lock, so that a broken connection
 * goes on where it ended, today or tomorrow, and two threads or processes fetch it once: the second
 * waits and finds it there.
 *
 * @param address http or https
 * @param file where it goes; its folder is made
 * @param sha256Prefix the hex digits that its SHA-256 begins with
 */
public record Download(URI address, Path file, String sha256Prefix) {
  /** Threads of one JVM; a file lock holds for all of them together. */
  private static final Map<Path, Object> THREADS = new ConcurrentHashMap<>();

  public Download {
    String scheme = String.valueOf(address.getScheme());
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new DownloadException("'" + address + "' is no http or https address to fetch from");
    }
    if (!sha256Prefix.matches("[0-9a-f]{8,64}")) {
      throw new IllegalArgumentException("no beginning of a SHA-256: " + sha256Prefix);
    }
  }

  /** Whether the file is there and has its SHA-256; reads all of it. */
  public boolean isThere() {
    if (Files.notExists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return sha256(channel).startsWith(sha256Prefix);
    } catch (IOException e) {
      throw new DownloadException(file + ": " + FileFailure.reading(e), e);
    }
  }

  /**
   * Fetches the file unless it is there and sound; one that is damaged is replaced.
   *
   * @throws DownloadException if the server refuses, stays silent or broken for all attempts, sends
   *     something else, or the file cannot be stored
   */
  public Path fetch(Patience patience, Listener listener) {
    synchronized (THREADS.computeIfAbsent(file.toAbsolutePath(), path -> new Object())) {
      if (isThere()) {
        return file;
      }
      Path part = part();
      try {
        Files.createDirectories(part.toAbsolutePath().getParent());
        try (FileChannel channel =
                FileChannel.open(
                    part,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            FileLock lock = lock(channel, listener)) {
          assert lock.isValid();
          if (isThere()) {
            Files.deleteIfExists(part); // whoever held the lock before was quicker
            return file;
          }
          if (Files.notExists(part)) {
            return fetch(patience, listener); // whoever held the lock before got nothing
          }
          fetch(channel, patience, listener);
        }
      } catch (IOException e) {
        throw new DownloadException(
            file
                + " cannot be stored: "
                + e
                + "; name a folder that can be written to with CONVOY_CACHE",
            e);
      }
      return file;
    }
  }

  private Path part() {
    return file.resolveSibling(file.getFileName() + ".part");
  }

  private FileLock lock(FileChannel channel, Listener listener) throws IOException {
    FileLock free = channel.tryLock();
    if (free != null) {
      return free;
    }
    listener.note("another process is fetching " + file.getFileName() + ", waiting for it");
    return channel.lock();
  }

  private void fetch(FileChannel channel, Patience patience, Listener listener) throws IOException {
    if (Files.exists(file)) {
      listener.note(file + " is damaged, fetching it again");
    }
    try {
      transferSound(channel, patience, listener);
      if (Files.size(part()) != channel.size()) {
        throw new IOException(part() + " is another process's");
      }
      move(part());
    } finally {
      if (channel.size() == 0) {
        Files.deleteIfExists(part());
      }
    }
  }

  private void transferSound(FileChannel channel, Patience patience, Listener listener)
      throws IOException {
    boolean resumed = channel.size() > 0;
    transfer(channel, patience, listener);
    String hash = sha256(channel);
    if (resumed && !hash.startsWith(sha256Prefix)) {
      listener.note("what an earlier download left is damaged, starting again");
      channel.truncate(0);
      transfer(channel, patience, listener);
      hash = sha256(channel);
    }
    if (!hash.startsWith(sha256Prefix)) {
      channel.truncate(0);
      throw new DownloadException(
          "%s sent something else than %s: its SHA-256 begins with %s, that of the published file with %s; try again, or another mirror"
              .formatted(
                  address,
                  file.getFileName(),
                  hash.substring(0, sha256Prefix.length()),
                  sha256Prefix));
    }
    channel.force(true);
  }

  private void transfer(FileChannel channel, Patience patience, Listener listener)
      throws IOException {
    Transfer transfer = new Transfer(address, channel, patience, listener);
    for (int attempt = 1; ; attempt++) {
      try {
        transfer.run();
        return;
      } catch (UnknownHostException e) {
        throw new DownloadException(
            "%s cannot be fetched: the host %s is not known (no network or DNS?); name one that is with --mirror URL%s"
                .formatted(address, e.getMessage(), kept(channel)),
            e);
      } catch (IOException e) {
        String why = e.getMessage() == null ? e.toString() : e.getMessage();
        if (attempt == patience.attempts()) {
          throw new DownloadException(
              "%s cannot be fetched: %s (%d attempts); try again later, or another mirror%s"
                  .formatted(address, why, attempt, kept(channel)),
              e);
        }
        listener.note(why + ": trying again");
        pause(patience.pause().toMillis() << (attempt - 1));
      }
    }
  }

  private static String kept(FileChannel channel) throws IOException {
    return channel.size() == 0
        ? ""
        : "; what has arrived is kept, so the same command goes on from there";
  }

  private void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DownloadException(
          "the download of " + address + " was interrupted", new InterruptedIOException());
    }
  }

  private static String sha256(FileChannel channel) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    ByteBuffer chunk = ByteBuffer.allocate(1 << 16);
    int got;
    for (long at = 0; (got = channel.read(chunk.clear(), at)) >= 0; at += got) {
      digest.update(chunk.flip());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private void move(Path part) throws IOException {
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, file);
    }
  }
}
