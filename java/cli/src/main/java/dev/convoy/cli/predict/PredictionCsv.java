package dev.convoy.cli.predict;

import dev.convoy.models.Prediction.Candidate;
import java.io.PrintWriter;
import java.util.List;

/**
 * Predictions as comma-separated values, a line a candidate, quoted as RFC 4180 says. Lines end in
 * a line feed, as Unix's programs expect.
 */
final class PredictionCsv implements PredictionWriter {
  private final PrintWriter out;

  PredictionCsv(PrintWriter out) {
    this.out = out;
    out.print("file,rank,index,label,probability\n");
  }

  @Override
  public void write(String file, List<Candidate> top) {
    for (int i = 0; i < top.size(); i++) {
      Candidate c = top.get(i);
      out.print(
          quoted(file)
              + ','
              + (i + 1)
              + ','
              + c.index()
              + ','
              + quoted(c.label())
              + ','
              + c.probability()
              + '\n');
    }
  }

  static String quoted(String text) {
    return text.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r')
        ? '"' + text.replace("\"", "\"\"") + '"'
        : text;
  }

  @Override
  public void close() {
    out.flush();
  }
}
