package org.lamina.schema;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an operator sticks on a container to find it by: {@code env=prod,tier=web}. Keys are 1 to 63
 * ASCII letters, digits and {@code - _ . /} beginning with a letter or digit, values 1 to 63 of the
 * same and {@code : @ +}. Labels therefore need no quoting on a command line or in a file.
 */
public record Labels(SortedMap<String, String> values) {
  public static final Labels NONE = new Labels(Collections.emptySortedMap());

  /** Labels on one container. */
  public static final int MOST = 64;

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_./-]{0,62}");
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_./:@+-]{1,63}");

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  public Labels {
    values.forEach(Labels::check);
    if (values.size() > MOST) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "a container has at most " + MOST + " labels");
    }
    TreeMap<String, String> copy = new TreeMap<>(Comparator.naturalOrder());
    copy.putAll(values);
    values = Collections.unmodifiableSortedMap(copy);
  }

  public static Labels of(Map<String, String> values) {
    return new Labels(new TreeMap<>(values));
  }

  /**
   * Reads {@code key=value,...}; an empty text is no label.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static Labels parse(String text) {
    return text.isEmpty() ? NONE : of(changes(text));
  }

  /**
   * Reads what is to change: {@code key=value} sets, {@code key=} takes away.
   *
   * @return values by key, empty for a key that goes
   * @throws LaminaException BAD_PARAMETER
   */
  public static Map<String, String> changes(String text) {
    Map<String, String> changes = new TreeMap<>();
    for (String part : text.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw bad(part, "there is no = in it");
      }
      String key = part.substring(0, equals);
      if (changes.putIfAbsent(key, part.substring(equals + 1)) != null) {
        throw bad(part, "its key is given twice");
      }
    }
    return changes;
  }

  /**
   * These labels with changes as {@link #changes} reads them.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public Labels with(Map<String, String> changes) {
    Map<String, String> next = new TreeMap<>(values);
    changes.forEach((key, value) -> {
      if (value.isEmpty()) {
        check(key, "-");
        next.remove(key);
      } else {
        next.put(key, value);
      }
    });
    return of(next);
  }

  public boolean isEmpty() {
    return values.isEmpty();
  }

  private static void check(String key, String value) {
    if (!KEY.matcher(key).matches()) {
      throw bad(key + "=" + value, "its key is not 1 to 63 letters, digits and - _ . /");
    }
    if (!VALUE.matcher(value).matches()) {
      throw bad(key + "=" + value, "its value is not 1 to 63 letters, digits and - _ . / : @ +");
    }
  }

  private static LaminaException bad(String label, String why) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER,
        "bad label \"" + Printable.shorten(label, 60) + "\": " + why,
        "Write KEY=VALUE, several with commas; KEY= takes a label away.");
  }

  /** As {@link #parse} reads it, by key. */
  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(","));
  }
}
