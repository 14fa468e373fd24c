package dev.convoy.verify;

import dev.convoy.FileFailure;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The cases of one golden file. Immutable.
 *
 * <pre>{@code
 * GoldenReport report = GoldenSuite.open(file).run(Subject.of("native", Mode.EXACT));
 * System.out.println(report.toText());
 * }</pre>
 */
public record GoldenSuite(Path file, List<GoldenCase> cases) {
  /** Golden files have some kilobytes; a wrong file must not fill the heap. */
  private static final long MAX_BYTES = 64L << 20;

  private static final Pattern KEY = Pattern.compile("\\S+ [1-9]\\d*(,[1-9]\\d*)*");

  public GoldenSuite {
    cases = List.copyOf(cases);
  }

  /** Hears of every case when it is done; called in the thread that runs them. */
  @FunctionalInterface
  public interface Listener {
    void done(int done, int total, CaseResult result);
  }

  /**
   * Reads a file of any kind that the golden files' specification knows, told apart by content:
   * models, layers, keys, counts, vectors, vision, training.
   *
   * @throws GoldenException naming the file, the line, the member and what it should have been
   */
  public static GoldenSuite open(Path file) {
    return parse(file, read(file));
  }

  /** The cases that these bytes of a file are. */
  static GoldenSuite parse(Path file, byte[] bytes) {
    String text = decode(file, bytes);
    if (text.stripLeading().startsWith("{")) {
      return new GoldenSuite(file, json(file, bytes));
    }
    List<String> lines = text.lines().toList();
    if (!lines.isEmpty() && lines.stream().allMatch(line -> KEY.matcher(line).matches())) {
      String model = file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
      return new GoldenSuite(file, List.of(new KeysCase(model + "/keys", model, lines)));
    }
    throw unknown(file);
  }

  private static byte[] read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new GoldenException(
            Files.exists(file)
                ? file + " is no file: name the golden files in it"
                : "there is no file " + file + "; check the path");
      }
      if (Files.size(file) > MAX_BYTES) {
        throw new GoldenException(
            file + " is no golden file: it has " + Files.size(file) + " bytes");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new GoldenException("the golden file " + file + ": " + FileFailure.reading(e), e);
    }
  }

  private static String decode(Path file, byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new GoldenException(file + " is no golden file: it is not UTF-8 text", e);
    }
  }

  private static List<GoldenCase> json(Path file, byte[] bytes) {
    List<JsonTree> roots = JsonTree.readAll(file.toString(), bytes);
    JsonTree first = roots.get(0);
    if (roots.stream().allMatch(root -> root.has("id", "op"))) {
      return roots.stream().map(LayerCase::read).toList();
    }
    if (roots.size() > 1) {
      throw unknown(file);
    }
    if (first.has("model", "losses")) {
      return training(first);
    }
    if (first.has("model", "cases")) {
      return ModelFile.read(first);
    }
    if (first.has("models")) {
      return first.get("models").list().stream()
          .<GoldenCase>map(m -> FactsCase.read("counts/" + m.get("model").text(), m))
          .toList();
    }
    if (first.has("vectors")) {
      return first.get("vectors").list().stream().<GoldenCase>map(VectorCase::read).toList();
    }
    if (first.has("rows")) {
      return vision(first, file);
    }
    throw unknown(file);
  }

  private static List<GoldenCase> vision(JsonTree root, Path file) {
    Path folder = file.toAbsolutePath().normalize().getParent();
    List<GoldenCase> cases = new ArrayList<>();
    for (JsonTree row : root.get("rows").list()) {
      DecodeCase decode = DecodeCase.read(row);
      cases.add(decode);
      for (JsonTree fit : row.get("cases").list()) {
        cases.add(ResizeCase.read(decode.photo(), fit, folder == null ? file : folder));
      }
    }
    return cases;
  }

  private static List<GoldenCase> training(JsonTree root) {
    String model = root.get("model").text();
    List<GoldenCase> cases = new ArrayList<>();
    for (String check :
        List.of(
            "losses",
            "grad_norm_step1",
            "grads_step1",
            "buffers_after_step1",
            "params_after_step3")) {
      root.get(check);
      cases.add(new UnsupportedCase(model + "/train/" + check, "no training"));
    }
    return cases;
  }

  private static GoldenException unknown(Path file) {
    return new GoldenException(
        file
            + " is no golden file of a known kind (models, layers, keys, counts, vectors, vision,"
            + " train)");
  }

  /** Runs every case, one after the other. */
  public GoldenReport run(Subject subject) {
    return run(subject, (done, total, result) -> {});
  }

  /** Runs every case and tells of each. */
  public GoldenReport run(Subject subject, Listener listener) {
    List<CaseResult> results = new ArrayList<>();
    for (GoldenCase golden : cases) {
      CaseResult result = golden.run(subject);
      results.add(result);
      listener.done(results.size(), cases.size(), result);
    }
    return new GoldenReport(file, subject.toString(), results);
  }
}
