package org.lamina.console.line;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that was probably meant. */
public final class Similar {
  private static final int LONGEST = 64;
  private static final int SHORTEST = 3;

  private Similar() {}

  /** The candidate with the fewest edits, if that is at most a third of the word. */
  public static Optional<String> to(String typed, Collection<String> candidates) {
    if (typed.length() > LONGEST) {
      return Optional.empty();
    }
    int allowed = typed.length() < SHORTEST ? 0 : Math.max(1, typed.length() / 3);
    return candidates.stream()
        .filter(c -> edits(typed, c) <= allowed)
        .min(Comparator.comparingInt((String c) -> edits(typed, c)).thenComparing(c -> c));
  }

  /** Insertions, removals, replacements and exchanges of neighbours between two words. */
  static int edits(String a, String b) {
    int[][] d = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        d[i][j] = i == 0 || j == 0 ? i + j : step(a, b, i, j, d);
      }
    }
    return d[a.length()][b.length()];
  }

  private static int step(String a, String b, int i, int j, int[][] d) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int least = Math.min(d[i - 1][j - 1] + (same ? 0 : 1), Math.min(d[i - 1][j], d[i][j - 1]) + 1);
    boolean exchanged =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return exchanged ? Math.min(least, d[i - 2][j - 2] + 1) : least;
  }
}
