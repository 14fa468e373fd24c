package dev.convoy.models;

import dev.convoy.ConvoyException;
import dev.convoy.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The names of a classifier's classes, in the order of its outputs. */
public record Labels(List<String> names) {
  /** The thousand classes of ImageNet's challenge. */
  public static final Labels IMAGENET = new Labels(lines("imagenet.txt"));

  /** {@code 0} to {@code 9}. */
  public static final Labels DIGITS = numbered(10);

  public Labels {
    names = List.copyOf(names);
  }

  /**
   * Classes that have only numbers.
   *
   * @throws ConvoyException for fewer than one
   */
  public static Labels numbered(int classes) {
    if (classes < 1) {
      throw new ConvoyException("there must be at least 1 class, got " + classes);
    }
    return new Labels(IntStream.range(0, classes).mapToObj(Integer::toString).toList());
  }

  /**
   * The names in a UTF-8 text file, one a line, in the order of the network's outputs.
   *
   * @throws ConvoyException if it cannot be read, or a line in it is empty
   */
  public static Labels read(Path file) {
    List<String> lines;
    try {
      lines = Files.readString(file).replace("\uFEFF", "").stripTrailing().lines().toList();
    } catch (CharacterCodingException e) {
      throw bad(file, "it is no UTF-8 text; give a text file with one name a line", e);
    } catch (IOException e) {
      throw bad(file, FileFailure.reading(e), e);
    }
    List<String> names = lines.stream().map(String::strip).toList();
    if (names.isEmpty()) {
      throw bad(file, "it has no names; give each class a line", null);
    }
    int empty = names.indexOf("");
    if (empty >= 0) {
      throw bad(file, "line " + (empty + 1) + " is empty; give each class a name", null);
    }
    return new Labels(names);
  }

  private static ConvoyException bad(Path file, String what, @Nullable Exception cause) {
    String message = "labels file " + file + ": " + what;
    return cause == null ? new ConvoyException(message) : new ConvoyException(message, cause);
  }

  public int size() {
    return names.size();
  }

  public String name(int index) {
    return names.get(index);
  }

  static List<String> lines(String resource) {
    try (InputStream in = Labels.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("the models jar lacks " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
