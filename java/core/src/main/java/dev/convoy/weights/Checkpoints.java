package dev.convoy.weights;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

  /** What to do with an open file. */
  interface Use<T> {
    T of(Checkpoint checkpoint) throws IOException;
  }

  static <T> T open(Path path, Use<T> use) {
    try {
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new FormatException(
            Files.isDirectory(path) ? "it is a directory" : "it is no regular file",
            "give the weight file itself");
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        ByteRange file = FileBytes.of(channel);
        return isZip(file.head(HEAD)) ? zip(path, file.length(), use) : use.of(read(file));
      }
    } catch (NoSuchFileException e) {
      throw failed(path, "there is no such file; check the path", e);
    } catch (AccessDeniedException e) {
      throw failed(path, "it may not be read; check its permissions", e);
    } catch (FormatException e) {
      throw failed(path, e.what(), e);
    } catch (IOException e) {
      throw failed(path, "it cannot be read: " + e + "; check the disk and the file", e);
    }
  }

  /** The same for bytes from elsewhere; safetensors or a legacy container. */
  static <T> T open(String name, ByteRange bytes, Use<T> use) {
    try {
      if (isZip(bytes.head(HEAD))) {
        throw new FormatException(
            "it is a zip container, which only a file can be", "store it as safetensors");
      }
      return use.of(read(bytes));
    } catch (IOException e) {
      throw new WeightsException(name + ": " + e.getMessage(), e);
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

  private static <T> T zip(Path path, long bytes, Use<T> use) throws IOException {
    if (!path.getFileSystem().equals(FileSystems.getDefault())) {
      throw new FormatException(
          "it is a zip container inside " + path.getFileSystem(), "copy it to the disk first");
    }
    try (ZipFile zip = new ZipFile(path.toFile())) {
      return use.of(TorchZip.read(zip, bytes));
    } catch (ZipException e) {
      throw FormatException.damaged("its zip container is broken (" + e.getMessage() + ")");
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

  private static WeightsException failed(Path path, String what, Exception cause) {
    return new WeightsException("weight file " + path + ": " + what, cause);
  }
}
