package dev.convoy.cpu;

import dev.convoy.ConvoyException;
import dev.convoy.FileFailure;
import dev.convoy.backend.Choice;
import dev.convoy.backend.CompileOptions;
import dev.convoy.backend.Mode;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which algorithm computes which layer, and where that was found out. What is quickest on one
 * machine may be slow or impossible on another, so that a tuning is only good for its own
 * circumstances.
 *
 * <p>The file is text: a line {@code name: value} for each circumstance, an empty line, then for
 * each layer its key, a tab and the algorithm's name, empty where there is no choice.
 *
 * @param circumstances such as CPU, instruction set, threads and versions
 * @param algorithms by layer
 * @param title what messages call it, with the file that it was read from
 */
public record Tuning(
    Map<String, String> circumstances, Map<String, String> algorithms, String title) {
  /** What a file of it begins with. */
  public static final String HEADER = "convoy tuning 1";

  private static final String BACKEND = "backend";
  private static final String MODE = "mode";
  private static final String BATCH = "batch";
  private static final String THREADS = "threads";

  /**
   * The circumstances that are asked for, not found; the command line's options have their names.
   */
  private static final Set<String> ASKED_FOR = Set.of(BACKEND, MODE, BATCH, THREADS);

  public Tuning {
    circumstances = Map.copyOf(circumstances);
    algorithms = Map.copyOf(algorithms);
  }

  public Tuning(Map<String, String> circumstances, Map<String, String> algorithms) {
    this(circumstances, algorithms, "the plan");
  }

  /**
   * What a compiled network computes with, for {@link #write} and a later {@link
   * CpuBackend#planned}.
   *
   * @param choices of the plan that {@code backend} compiled with {@code options}
   */
  public static Tuning of(CpuBackend backend, CompileOptions options, List<Choice> choices) {
    Map<String, String> algorithms = new LinkedHashMap<>();
    for (Choice choice : choices) {
      algorithms.put(key(choice.node(), choice.operation()), choice.candidate());
    }
    return new Tuning(circumstances(backend, options), algorithms);
  }

  /** What a plan of one network depends on. */
  static Map<String, String> circumstances(CpuBackend backend, CompileOptions options) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(BACKEND, backend.name()); // its preference decides what passes in bands
    all.putAll(machine(backend, options));
    all.put(MODE, options.mode().name());
    all.put(BATCH, String.valueOf(options.maxBatch()));
    return all;
  }

  /** What the speed of any layer depends on. */
  static Map<String, String> machine(CpuBackend backend, CompileOptions options) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("cpu", CpuBackend.processor());
    all.put("isa", backend.isa().toString());
    all.put(THREADS, String.valueOf(CpuBackend.threads(options)));
    all.put("library", NativeLibrary.build());
    backend.accelerators().forEach(a -> all.put(a.name(), a.load().description()));
    return all;
  }

  /** The name of the backend that a plan was made with; empty for winners of a machine. */
  public Optional<String> backend() {
    return Optional.ofNullable(circumstances.get(BACKEND));
  }

  /** The mode that a plan was made in; empty for winners of a machine. */
  public Optional<Mode> mode() {
    return Stream.of(Mode.values()).filter(m -> m.name().equals(circumstances.get(MODE))).findAny();
  }

  /** The number of images that a plan was made for; empty for winners of a machine. */
  public OptionalInt maxBatch() {
    return Stream.ofNullable(circumstances.get(BATCH))
        .filter(images -> images.matches("[1-9][0-9]{0,8}"))
        .mapToInt(Integer::parseInt)
        .findAny();
  }

  /** A layer of one network. */
  static String key(String node, String operation) {
    return node + ": " + operation;
  }

  /**
   * Reads a file that {@link #write} made.
   *
   * @throws ConvoyException naming the file and the line that is wrong
   */
  public static Tuning read(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (CharacterCodingException e) {
      lines = List.of(); // no text
    } catch (IOException e) {
      throw new ConvoyException("the plan " + file + ": " + FileFailure.reading(e), e);
    }
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new ConvoyException(
          file
              + " is no plan of this version: its first line must be '"
              + HEADER
              + "'; give a file that --save-plan wrote");
    }
    Map<String, String> circumstances = new LinkedHashMap<>();
    Map<String, String> algorithms = new LinkedHashMap<>();
    boolean layers = false;
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      int cut = layers ? line.lastIndexOf('\t') : line.indexOf(": ");
      if (line.isEmpty()) {
        layers = true;
      } else if (cut < 0) {
        throw new ConvoyException("%s, line %d is damaged: %s".formatted(file, i + 1, line));
      } else if (layers) {
        algorithms.put(line.substring(0, cut), line.substring(cut + 1));
      } else {
        circumstances.put(line.substring(0, cut), line.substring(cut + 2));
      }
    }
    return new Tuning(circumstances, algorithms, "the plan " + file);
  }

  /** Writes the file wholly or not at all, into a folder that is there. */
  public void write(Path file) {
    StringBuilder text = new StringBuilder(HEADER).append('\n');
    circumstances.keySet().stream()
        .sorted()
        .forEach(name -> text.append(name + ": " + circumstances.get(name) + "\n"));
    text.append('\n');
    algorithms.keySet().stream()
        .sorted()
        .forEach(layer -> text.append(layer + "\t" + algorithms.get(layer) + "\n"));
    if (Files.isDirectory(file)) {
      throw new ConvoyException("the plan " + file + ": it is a directory; give a file name");
    }
    try {
      replace(file.toAbsolutePath(), text.toString());
    } catch (IOException e) {
      throw new ConvoyException("the plan " + file + ": " + FileFailure.writing(e), e);
    }
  }

  /** Not by a temporary file, which nobody else may read: who makes a plan need not use it. */
  private static void replace(Path file, String text) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      Files.writeString(file, text); // a device or a pipe stays what it is
      return;
    }
    Path fresh =
        file.resolveSibling(
            "%s.%d.%d"
                .formatted(file.getFileName(), ProcessHandle.current().pid(), System.nanoTime()));
    try {
      Files.writeString(fresh, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }

  /**
   * Makes sure that it was made under these circumstances.
   *
   * @throws ConvoyException naming each that differs
   */
  void requireMadeUnder(Map<String, String> here) {
    if (circumstances.equals(here)) {
      return;
    }
    StringBuilder differences = new StringBuilder();
    Stream.concat(here.keySet().stream(), circumstances.keySet().stream())
        .distinct()
        .filter(name -> !Objects.equals(here.get(name), circumstances.get(name)))
        .forEach(name -> differences.append(difference(name, here)));
    throw new ConvoyException(
        title
            + " was made under other circumstances, compile under those or make it again:"
            + differences);
  }

  private String difference(String name, Map<String, String> here) {
    String made = circumstances.getOrDefault(name, "none");
    String option = " (--%s %s)".formatted(name, made.toLowerCase(Locale.ROOT));
    return "\n  %s: made with %s, here is %s%s"
        .formatted(
            name, made, here.getOrDefault(name, "none"), ASKED_FOR.contains(name) ? option : "");
  }
}
