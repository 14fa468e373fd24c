package dev.convoy.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

/** The names of a classifier's classes, in the order of its outputs. */
public record Labels(List<String> names) {
  /** The thousand classes of ImageNet's challenge. */
  public static final Labels IMAGENET = new Labels(lines("imagenet.txt"));

  /** {@code 0} to {@code 9}. */
  public static final Labels DIGITS = numbered(10);

  public Labels {
    names = List.copyOf(names);
  }

  /** Classes that have only numbers. */
  public static Labels numbered(int classes) {
    return new Labels(IntStream.range(0, classes).mapToObj(Integer::toString).toList());
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
