package org.lamina.templates.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Says which names were probably meant. Pure. */
public final class NearNames {
  private static final int LONGEST = 64;

  private NearNames() {}

  /** One sentence naming the near misses, or all names if none is near. */
  public static String hint(String wanted, Collection<String> names) {
    if (names.isEmpty()) {
      return "No definitions are installed.";
    }
    List<String> near =
        names.stream()
            .filter(n -> near(wanted, n))
            .sorted(
                Comparator.comparingInt((String n) -> distance(wanted, n)).thenComparing(n -> n))
            .limit(3)
            .toList();
    return near.isEmpty()
        ? "Known are: " + String.join(", ", names.stream().sorted().toList())
        : "Did you mean " + String.join(" or ", near) + "?";
  }

  private static boolean near(String wanted, String name) {
    return wanted.length() >= 3
        && wanted.length() <= LONGEST
        && (distance(wanted, name) <= 2 || name.startsWith(wanted) || wanted.startsWith(name));
  }

  /** The number of letters to add, drop or change. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int above = row[j];
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(change, Math.min(above, row[j - 1]) + 1);
        diagonal = above;
      }
    }
    return row[b.length()];
  }
}
