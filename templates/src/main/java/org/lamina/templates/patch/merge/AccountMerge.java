package org.lamina.templates.patch.merge;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.Remaining;

/**
 * Three-way merge of passwd, group, shadow, gshadow, subuid and subgid, by name and field. A number
 * that two names claim is never resolved here, because files are owned by numbers. Pure.
 */
public final class AccountMerge {
  private AccountMerge() {}

  /** Which file it is, and what its fields mean. */
  public enum Table {
    PASSWD("etc/passwd", 2, -1),
    GROUP("etc/group", 2, 3),
    SHADOW("etc/shadow", -1, -1),
    GSHADOW("etc/gshadow", -1, 3),
    SUBUID("etc/subuid", -1, -1),
    SUBGID("etc/subgid", -1, -1);

    public final String path;

    /** Field with the number that must be one name's alone, or -1. */
    final int number;

    /** Field with a comma-separated set of names, or -1. */
    final int members;

    Table(String path, int number, int members) {
      this.path = path;
      this.number = number;
      this.members = members;
    }

    public static @Nullable Table of(String path) {
      return Arrays.stream(values()).filter(t -> t.path.equals(path)).findFirst().orElse(null);
    }
  }

  public static MergeResult merge(Table table, String base, String mine, String next) {
    Map<String, String> b = lines(base);
    Map<String, String> m = lines(mine);
    Map<String, String> n = lines(next);
    List<Remaining> clashes = new ArrayList<>();
    Map<String, String> out =
        KeyedMerge.merge(
            b, m, n, (key, was, has, gets) -> conflict(table, key, was, has, gets, clashes));
    if (table.number >= 0) {
      numbers(table, n, m, out, clashes);
    }
    StringBuilder text = new StringBuilder();
    out.values().forEach(line -> text.append(line).append('\n'));
    return new MergeResult(text.toString(), clashes);
  }

  /** By name; of a name that has several lines, as in subuid, each further line by itself. */
  private static Map<String, String> lines(String text) {
    Map<String, String> out = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      if (!line.isEmpty()) {
        String name = line.startsWith("#") ? line : line.split(":", 2)[0];
        out.put(out.containsKey(name) ? line : name, line);
      }
    }
    return out;
  }

  private static @Nullable String conflict(
      Table table,
      String key,
      @Nullable String base,
      @Nullable String mine,
      @Nullable String next,
      List<Remaining> clashes) {
    if (mine == null || next == null) {
      // The side that still has the line has changed it, or the container removed it on purpose.
      return mine;
    }
    String[] m = mine.split(":", -1);
    String[] n = next.split(":", -1);
    String[] b = base == null ? new String[0] : base.split(":", -1);
    if (m.length != n.length) {
      return mine;
    }
    String[] out = new String[m.length];
    for (int i = 0; i < m.length; i++) {
      @Nullable String was = i < b.length ? b[i] : null;
      if (i == table.members) {
        out[i] = members(was == null ? "" : was, m[i], n[i]);
      } else {
        out[i] = m[i].equals(was) ? n[i] : m[i];
      }
    }
    if (table.number >= 0 && table.number < out.length) {
      String got = out[table.number];
      if (!got.equals(n[table.number]) && !n[table.number].equals(at(b, table.number))) {
        clashes.add(clash(table, key, n[table.number], "has number " + got + " in the container"));
      }
    }
    return String.join(":", out);
  }

  private static @Nullable String at(String[] fields, int index) {
    return index < fields.length ? fields[index] : null;
  }

  private static String members(String base, String mine, String next) {
    Set<String> was = names(base);
    Set<String> gets = names(next);
    Set<String> out = new LinkedHashSet<>(names(mine));
    out.removeIf(name -> was.contains(name) && !gets.contains(name));
    gets.stream().filter(name -> !was.contains(name)).forEach(out::add);
    return String.join(",", out);
  }

  private static Set<String> names(String list) {
    Set<String> out = new LinkedHashSet<>(Arrays.asList(list.split(",")));
    out.remove("");
    return out;
  }

  /** Numbers that a line from the template brings and that another name has already. */
  private static void numbers(
      Table table,
      Map<String, String> next,
      Map<String, String> mine,
      Map<String, String> merged,
      List<Remaining> clashes) {
    merged.forEach((name, line) -> {
      @Nullable String number = at(line.split(":", -1), table.number);
      if (mine.containsKey(name) && Objects.equals(number, number(table, mine.get(name)))) {
        return;
      }
      merged.forEach((other, otherLine) -> {
        boolean shared =
            next.containsKey(other) && Objects.equals(number, number(table, next.get(other)));
        if (!other.equals(name)
            && number != null
            && number.equals(number(table, otherLine))
            && !shared) {
          clashes.add(
              clash(table, name, number, "which belongs to " + other + " in the container"));
        }
      });
    });
  }

  private static @Nullable String number(Table table, @Nullable String line) {
    return line == null ? null : at(line.split(":", -1), table.number);
  }

  private static Remaining clash(Table table, String name, String number, String reason) {
    boolean user = table == Table.PASSWD;
    return new Remaining(
        table.path + ": " + name,
        "the update makes "
            + (user ? "user " : "group ")
            + name
            + " with number "
            + number
            + ", "
            + reason,
        user
            ? "inside: usermod -u FREE USER, chown what it owns, then plan again"
            : "inside: groupmod -g FREE GROUP, chgrp what it owns, then plan again");
  }
}
