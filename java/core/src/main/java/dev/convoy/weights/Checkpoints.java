package dev.convoy.weights;

import dev.convoy.FileFailure;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Opens weight files: tells the format by the contents and turns every failure into one type. */
final class Checkpoints {
  private static final int HEAD = 512;

  /** What people give by mistake, by its first bytes. */
  private static final Map<String, String> OTHER_FILES =
      Map.of(
          "\u001f\u008b", "a gzip archive: unpack it first",
          "\u0089HDF", "an HDF5 (Keras) file: save its weights as safetensors",
          "GGUF", "a GGUF file: save its weights as safetensors",
          "<", "a web page or XML: the download went to the wrong address",
          "version https://git-lfs", "a Git LFS pointer: run 'git lfs pull'",
          "\u0080", "a pickle that torch.save did not write: save it with torch.save",
          "{", "JSON, maybe an index of several files: give the files it names");

  private Checkpoints() {}

  /** Something that needs the file. */
  interface Reading<T> {
    T read() throws IOException;
  }

  /** Does it; whatever goes wrong with the file becomes a {@link WeightsException}. */
  static <T> T reading(String source, Reading<T> reading) {
    try {
      return reading.read();
    } catch (FormatException e) {
      throw failed(source, e.what(), e);
    } catch (IOException e) {
      throw failed(source, FileFailure.reading(e), e);
    }
  }

  /** A file, which stays open. */
  static OpenCheckpoint open(Path path) {
    String source = "weight file " + path;
    return reading(
        source,
        () -> {
          if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new FormatException(
                Files.isDirectory(path) ? "it is a directory" : "it is no regular file",
                "give the weight file itself");
          }
          if (!path.getFileSystem().equals(FileSystems.getDefault())) {
            return of(source, new MemoryBytes(Files.readAllBytes(path)));
          }
          try (RandomAccessFile opened = opened(path)) {
            ByteRange file = FileBytes.of(opened);
            if (isZip(file.head(HEAD))) {
              return zip(source, path, file.length());
            }
          }
          return kept(source, opened(path), file -> read(FileBytes.of(file)));
        });
  }

  private static RandomAccessFile opened(Path path) throws IOException {
    // its exceptions tell what is wrong, those of RandomAccessFile do not
    path.getFileSystem().provider().checkAccess(path, AccessMode.READ);
    return new RandomAccessFile(path.toFile(), "r");
  }

  /** Bytes from elsewhere. */
  static OpenCheckpoint of(String source, ByteRange bytes) {
    return reading(
        source,
        () ->
            isZip(bytes.head(HEAD))
                ? copiedZip(source, bytes)
                : new OpenCheckpoint(source, read(bytes), () -> {}));
  }

  /** Java reads the entries of a zip from files only. */
  private static OpenCheckpoint copiedZip(String source, ByteRange bytes) throws IOException {
    Path copy = Files.createTempFile("convoy-weights", ".zip");
    try (InputStream in = bytes.open(0)) {
      Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
      return zip(source, copy, bytes.length());
    } finally {
      Files.delete(copy); // an open file needs no name
    }
  }

  private static Checkpoint read(ByteRange file) throws IOException {
    byte[] head = file.head(HEAD);
    if (TorchLegacy.recognises(head)) {
      return TorchLegacy.read(file);
    }
    if (Safetensors.recognises(head)) {
      return Safetensors.read(file);
    }
    throw unknown(head);
  }

  private static OpenCheckpoint zip(String source, Path path, long bytes) throws IOException {
    try {
      return kept(source, new ZipFile(path.toFile()), zip -> TorchZip.read(zip, bytes));
    } catch (ZipException e) {
      throw FormatException.damaged("its zip container is broken (" + e.getMessage() + ")");
    }
  }

  /** What is found in an open file. */
  private interface Finding<F> {
    Checkpoint in(F file) throws IOException;
  }

  /** Closes the file only where that fails. */
  private static <F extends Closeable> OpenCheckpoint kept(
      String source, F file, Finding<F> finding) throws IOException {
    try {
      return new OpenCheckpoint(source, finding.in(file), file);
    } catch (IOException | RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private static boolean isZip(byte[] head) {
    return head.length >= 4 && head[0] == 'P' && head[1] == 'K' && head[2] < 9 && head[3] < 9;
  }

  private static FormatException unknown(byte[] head) {
    String start = new String(head, StandardCharsets.ISO_8859_1);
    String formats = "give a safetensors file or what torch.save wrote (.pth, .pt, .th)";
    if (head.length == 0) {
      return FormatException.damaged("it is empty");
    }
    if (head.length > 262 && start.startsWith("ustar", 257)) {
      return new FormatException(
          "it is a tar archive", "unpack it; if PyTorch before 0.2 wrote it, save it again");
    }
    return OTHER_FILES.entrySet().stream()
        .filter(entry -> start.startsWith(entry.getKey()))
        .findFirst()
        .map(entry -> new FormatException("it is no weight file but " + entry.getValue(), formats))
        .orElseGet(() -> new FormatException("its first bytes are of no known format", formats));
  }

  private static WeightsException failed(String source, String what, Exception cause) {
    return new WeightsException(source + ": " + what, cause);
  }
}
