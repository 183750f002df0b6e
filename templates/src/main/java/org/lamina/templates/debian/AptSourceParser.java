package org.lamina.templates.debian;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads both forms of apt sources. Pure. What apt itself would not use (disabled, deb-src,
 * malformed) is left out.
 */
final class AptSourceParser {
  private AptSourceParser() {}

  /** The deb822 form of {@code *.sources}. */
  static List<AptSource> deb822(String text, String file) {
    List<AptSource> out = new ArrayList<>();
    Map<String, String> stanza = new HashMap<>();
    @Nullable String key = null;
    for (String line : text.lines().toList()) {
      if (line.startsWith("#")) {
        continue;
      }
      if (line.isBlank()) {
        addStanza(stanza, file, out);
        stanza.clear();
        key = null;
      } else if (line.startsWith(" ") || line.startsWith("\t")) {
        if (key != null) {
          String more = line.strip();
          stanza.merge(key, more.equals(".") ? "" : more, (a, b) -> a + "\n" + b);
        }
      } else {
        int colon = line.indexOf(':');
        key = colon < 1 ? null : line.substring(0, colon).toLowerCase(Locale.ROOT);
        if (key != null) {
          stanza.put(key, line.substring(colon + 1).strip());
        }
      }
    }
    addStanza(stanza, file, out);
    return out;
  }

  private static void addStanza(Map<String, String> stanza, String file, List<AptSource> out) {
    if (!words(stanza.get("types")).contains("deb") || off(stanza.get("enabled"))) {
      return;
    }
    List<String> uris = words(stanza.get("uris"));
    List<String> suites = words(stanza.get("suites"));
    if (!uris.isEmpty() && !suites.isEmpty()) {
      out.add(
          new AptSource(
              uris,
              suites,
              words(stanza.get("components")),
              Optional.ofNullable(stanza.get("signed-by")).filter(s -> !s.isBlank()),
              file));
    }
  }

  private static boolean off(@Nullable String enabled) {
    return enabled != null
        && List.of("no", "false", "without", "off", "disable", "0")
            .contains(enabled.toLowerCase(Locale.ROOT));
  }

  private static List<String> words(@Nullable String value) {
    return value == null || value.isBlank() ? List.of() : List.of(value.strip().split("\\s+"));
  }

  /** The one-line form of {@code *.list}. */
  static List<AptSource> oneLine(String text, String file) {
    List<AptSource> out = new ArrayList<>();
    for (String raw : text.lines().toList()) {
      int hash = raw.indexOf('#');
      String line = (hash < 0 ? raw : raw.substring(0, hash)).strip();
      if (line.startsWith("deb") && line.length() > 3 && " \t[".indexOf(line.charAt(3)) >= 0) {
        addLine(line.substring(3).strip(), file, out);
      }
    }
    return out;
  }

  private static void addLine(String rest, String file, List<AptSource> out) {
    Optional<String> signedBy = Optional.empty();
    String tail = rest;
    if (rest.startsWith("[")) {
      int end = rest.indexOf(']');
      if (end < 0) {
        return;
      }
      for (String option : words(rest.substring(1, end))) {
        if (option.toLowerCase(Locale.ROOT).startsWith("signed-by=")) {
          signedBy = Optional.of(option.substring("signed-by=".length()).replace("\"", ""));
        }
      }
      tail = rest.substring(end + 1).strip();
    }
    List<String> words = words(tail);
    if (words.size() >= 2) {
      out.add(
          new AptSource(
              List.of(words.get(0).replace("\"", "")),
              List.of(words.get(1)),
              words.subList(2, words.size()),
              signedBy,
              file));
    }
  }
}
