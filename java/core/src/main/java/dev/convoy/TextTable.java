package dev.convoy;

import java.util.ArrayList;
import java.util.List;

/** Text in aligned columns, two spaces apart, under a line of headings. */
public final class TextTable {
  private final List<List<String>> rows = new ArrayList<>();
  private final boolean[] right;

  /** Headings; one that starts with {@code >} aligns its column to the right. */
  public TextTable(String... headings) {
    right = new boolean[headings.length];
    List<String> names = new ArrayList<>();
    for (int c = 0; c < headings.length; c++) {
      right[c] = headings[c].startsWith(">");
      names.add(right[c] ? headings[c].substring(1) : headings[c]);
    }
    rows.add(names);
  }

  /** Adds a row of as many cells as there are headings. */
  public void row(String... cells) {
    if (cells.length != right.length) {
      throw new IllegalArgumentException(cells.length + " cells for " + right.length + " columns");
    }
    rows.add(List.of(cells));
  }

  @Override
  public String toString() {
    int[] widths = new int[right.length];
    for (List<String> row : rows) {
      for (int c = 0; c < widths.length; c++) {
        widths[c] = Math.max(widths[c], row.get(c).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < widths.length; c++) {
        String space = " ".repeat(widths[c] - row.get(c).length());
        line.append(right[c] ? space + row.get(c) : row.get(c) + space).append("  ");
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
