package dev.convoy.cli;

import dev.convoy.ConvoyException;
import dev.convoy.FileFailure;
import dev.convoy.cpu.Tuning;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import picocli.CommandLine.Option;

/** What a command may write over; a picocli mixin. */
public final class OutputFiles {
  /** What is written, and which files may give way to it unasked: those of the same kind. */
  public enum Kind {
    PNG("PNG image"),
    SVG("SVG drawing"),
    PLAN("saved plan"),
    /** Made by training: never replaced unasked. */
    WEIGHTS("weight file");

    private static final int START_BYTES = 1024;

    private final String title;

    Kind(String title) {
      this.title = title;
    }

    private boolean isOf(String start) {
      return switch (this) {
        case PNG -> start.startsWith("\u0089PNG\r\n");
        case SVG -> start.contains("<svg");
        case PLAN -> start.startsWith(Tuning.HEADER);
        case WEIGHTS -> false;
      };
    }

    /** An empty file holds nothing that could be lost. */
    private boolean mayReplace(Path file) {
      try (InputStream in = Files.newInputStream(file)) {
        byte[] start = in.readNBytes(START_BYTES);
        return start.length == 0 || isOf(new String(start, StandardCharsets.ISO_8859_1));
      } catch (IOException e) {
        throw new ConvoyException(file + ": it is there already, and " + FileFailure.reading(e), e);
      }
    }
  }

  @Option(
      names = "--force",
      description = "Replace a file to write that is there and of another kind.")
  private boolean force;

  /**
   * Refuses a file that cannot be written or would destroy something, before anything is computed.
   *
   * @param inputs what the command reads, and what else it writes
   * @throws ConvoyException with the cure
   */
  public void check(Path file, Kind kind, Collection<Path> inputs) {
    for (Path input : inputs) {
      if (same(file, input)) {
        throw new ConvoyException(
            file
                + ": this command uses that file otherwise; give another one for the "
                + kind.title);
      }
    }
    check(file, kind, force);
  }

  /** The same for a command that may write over its input if it is {@code force}d to. */
  static void check(Path file, Kind kind, boolean force) {
    if (Files.isDirectory(file)) {
      throw new ConvoyException(file + ": it is a directory; give a file name");
    }
    if (!Files.isDirectory(file.toAbsolutePath().resolveSibling(""))) {
      throw new ConvoyException(
          file + ": " + FileFailure.writing(new NoSuchFileException(file.toString())));
    }
    if (!force && Files.isRegularFile(file) && !kind.mayReplace(file)) {
      throw new ConvoyException(
          kind == Kind.WEIGHTS
              ? file + " is there already; give another name, or --force"
              : file
                  + " is there already and is no "
                  + kind.title
                  + "; give another name, or --force");
    }
  }

  private static boolean same(Path one, Path other) {
    if (one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())) {
      return true;
    }
    try {
      return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    } catch (IOException e) {
      return false; // what cannot be looked at is refused when it is read or written
    }
  }
}
