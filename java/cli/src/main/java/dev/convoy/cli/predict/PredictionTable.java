package dev.convoy.cli.predict;

import dev.convoy.Printable;
import dev.convoy.models.Labels;
import dev.convoy.models.Prediction.Candidate;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * Predictions as columns for people, under headings if there are any. Networks with short labels
 * get a line an image, those with long ones a line a candidate. Widths are known beforehand, so
 * rows appear as soon as they are there.
 */
final class PredictionTable implements PredictionWriter {
  private static final int SHORT_LABEL = 5;

  private final PrintWriter out;
  private final int fileWidth;
  private final int labelWidth;
  private final int perLine;
  private boolean started;

  /**
   * @param fileWidth characters of the longest file name
   * @param top how many candidates an image has
   */
  PredictionTable(PrintWriter out, int fileWidth, Labels labels, int top) {
    this.out = out;
    int longest = labels.names().stream().mapToInt(String::length).max().orElse(0);
    this.fileWidth = Math.max("File".length(), fileWidth);
    this.labelWidth = Math.max("Label".length(), longest);
    this.perLine = longest <= SHORT_LABEL ? Math.min(top, labels.size()) : 1;
  }

  @Override
  public void write(String file, List<Candidate> top) {
    if (!started) {
      started = true;
      out.println(
          (pad("File", fileWidth) + ("  " + pad("Label", labelWidth) + "  Prob. ").repeat(perLine))
              .stripTrailing());
    }
    for (int from = 0; from < top.size(); from += perLine) {
      StringBuilder line = new StringBuilder(pad(from == 0 ? Printable.of(file) : "", fileWidth));
      for (Candidate c : top.subList(from, Math.min(top.size(), from + perLine))) {
        line.append("  ").append(pad(Printable.of(c.label()), labelWidth));
        line.append(String.format(Locale.ROOT, "  %.4f", c.probability()));
      }
      out.println(line);
    }
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  @Override
  public void close() {
    out.flush();
  }
}
