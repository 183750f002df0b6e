package org.lamina.templates.patch.debian;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.patch.Attributes;

/** What a container diverted and what owners and modes it set, beyond what its template did. */
final class Tables {
  /** Where to and by whom, by path. */
  private record Diversion(String target, String by) {}

  private final Map<String, Diversion> diversions = new HashMap<>();
  private final Map<String, Attributes> overrides = new HashMap<>();

  Tables(
      String diversions,
      String baseDiversions,
      String overrides,
      String baseOverrides,
      String passwd,
      String group) {
    Map<String, Diversion> known = diversions(baseDiversions);
    diversions(diversions)
        .forEach((path, diversion) -> {
          if (!diversion.equals(known.get(path))) {
            this.diversions.put(path, diversion);
          }
        });
    if (!overrides.equals(baseOverrides)) {
      Set<String> before = new HashSet<>(baseOverrides.lines().toList());
      overrides.lines().filter(l -> !before.contains(l)).forEach(l -> override(l, passwd, group));
    }
  }

  boolean isEmpty() {
    return diversions.isEmpty() && overrides.isEmpty();
  }

  Optional<String> diverted(String path, @Nullable String owner) {
    @Nullable Diversion diversion = diversions.get(path);
    return diversion == null || owner == null || diversion.by().equals(owner)
        ? Optional.empty()
        : Optional.of(diversion.target());
  }

  Optional<Attributes> override(String path) {
    return Optional.ofNullable(overrides.get(path));
  }

  private static Map<String, Diversion> diversions(String text) {
    Map<String, Diversion> out = new HashMap<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i + 2 < lines.size(); i += 3) {
      if (lines.get(i).startsWith("/") && lines.get(i + 1).startsWith("/")) {
        out.put(
            merged(lines.get(i).substring(1)),
            new Diversion(merged(lines.get(i + 1).substring(1)), lines.get(i + 2)));
      }
    }
    return out;
  }

  private void override(String line, String passwd, String group) {
    String[] words = line.split(" ", 4);
    if (words.length == 4 && words[3].startsWith("/") && words[2].matches("[0-7]{1,5}")) {
      int uid = number(words[0], passwd);
      int gid = number(words[1], group);
      if (uid >= 0 && gid >= 0) {
        String mode = String.format(java.util.Locale.ROOT, "%04o", Integer.parseInt(words[2], 8));
        overrides.put(merged(words[3].substring(1)), new Attributes(mode, uid, gid));
      }
    }
  }

  /** dpkg writes {@code #7} for a number. */
  private static int number(String name, String table) {
    String digits = name.startsWith("#") ? name.substring(1) : "";
    for (String line : digits.isEmpty() ? table.lines().toList() : List.<String>of()) {
      String[] fields = line.split(":");
      if (fields.length > 2 && fields[0].equals(name)) {
        digits = fields[2];
      }
    }
    return digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : -1;
  }

  /** Databases may still name paths as they were before {@code /usr} was merged. */
  private static String merged(String path) {
    return path.matches("(bin|sbin|lib|lib32|lib64|libx32)/.*") ? "usr/" + path : path;
  }
}
