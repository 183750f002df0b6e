package org.lamina.acceptance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One line of the table of limits that unit tests of the command line and of the control groups
 * read as well.
 *
 * @param words options and values of {@code vzctl set}
 * @param saved keys of the configuration, or {@code refused NAME}
 * @param v1 what is written on a host of the hybrid layout, or {@code refused NAME}
 * @param v2 the same where all is cgroup v2
 */
record LimitRow(String words, String saved, String v1, String v2) {
  private static final Path TABLE = Path.of("../../schema/src/test/resources/limit-values.table");

  static List<LimitRow> all() throws IOException {
    return Files.readAllLines(TABLE).stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split(" \\| "))
        .map(cells ->
            cells.length == 2
                ? new LimitRow(cells[0], cells[1], cells[1], cells[1])
                : new LimitRow(cells[0], cells[1], cells[2], cells[3]))
        .toList();
  }

  /** Values by option. */
  Map<String, String> options() {
    String[] all = words.split(" ");
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < all.length; i += 2) {
      options.put(all[i], all[i + 1]);
    }
    return options;
  }

  /** {@code NAME=VALUE} pairs of one of the cells; none of {@code -}. */
  static Map<String, String> pairs(String cell, String separator) {
    Map<String, String> pairs = new LinkedHashMap<>();
    if (!cell.equals("-")) {
      for (String pair : cell.split(separator)) {
        int at = pair.indexOf('=');
        pairs.put(pair.substring(0, at), pair.substring(at + 1));
      }
    }
    return pairs;
  }

  @Override
  public String toString() {
    return words;
  }
}
