package dev.convoy;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The known words that somebody may have meant. */
public final class Suggestion {
  private Suggestion() {}

  /** The nearest by Levenshtein's distance, if no more than a third of its letters differ. */
  public static Optional<String> of(String typed, Collection<String> known) {
    return near(typed, known, 1).stream().findFirst();
  }

  /**
   * The nearest ones by Levenshtein's distance, of which no more than a third of the letters
   * differ, nearest first; of equals those that are known first.
   */
  public static List<String> near(String typed, Collection<String> known, int limit) {
    String lower = typed.toLowerCase(Locale.ROOT);
    return known.stream()
        .filter(word -> distance(lower, word) <= Math.max(1, word.length() / 3))
        .sorted(Comparator.comparingInt(word -> distance(lower, word)))
        .limit(limit)
        .toList();
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(previous[j], row[j - 1]));
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
