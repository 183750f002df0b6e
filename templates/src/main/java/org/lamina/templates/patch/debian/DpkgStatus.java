package org.lamina.templates.patch.debian;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * dpkg's status file. Immutable; thread safe.
 *
 * @param packages in file order by {@code name:architecture}
 */
record DpkgStatus(Map<String, Stanza> packages) {
  DpkgStatus {
    packages = Collections.unmodifiableMap(new LinkedHashMap<>(packages));
  }

  static DpkgStatus parse(String text) {
    return parse(text, Map.of());
  }

  /**
   * @param known stanzas by text, whose parsing is thus shared between a thousand containers
   */
  static DpkgStatus parse(String text, Map<String, Stanza> known) {
    Map<String, Stanza> out = new LinkedHashMap<>();
    for (String part : Stanza.texts(text)) {
      @Nullable Stanza shared = known.get(part);
      Stanza stanza = shared == null ? new Stanza(part) : shared;
      if (stanza.field("Package") != null) {
        out.put(key(stanza), stanza);
      }
    }
    return new DpkgStatus(out);
  }

  /** All packages of one architecture and those of all architectures go by one key each. */
  static String key(Stanza stanza) {
    return stanza.field("Package", "").toLowerCase(Locale.ROOT)
        + ":"
        + stanza.field("Architecture", "");
  }

  static String name(String key) {
    return key.substring(0, key.indexOf(':'));
  }

  static String version(@Nullable Stanza stanza) {
    return stanza == null ? "" : stanza.field("Version", "");
  }

  /** The word of {@code Status} that says what is wanted: install, hold, deinstall, purge. */
  static String wanted(@Nullable Stanza stanza) {
    return word(stanza, 0);
  }

  /** The word of {@code Status} that says what is: installed, config-files, half-configured ... */
  static String state(@Nullable Stanza stanza) {
    return word(stanza, 2);
  }

  static boolean isInstalled(@Nullable Stanza stanza) {
    return switch (state(stanza)) {
      case "installed", "triggers-awaited", "triggers-pending" -> true;
      default -> false;
    };
  }

  /** Neither there, nor gone: dpkg was interrupted or failed. */
  static boolean isBroken(@Nullable Stanza stanza) {
    return switch (state(stanza)) {
      case "half-installed", "unpacked", "half-configured" -> true;
      default -> word(stanza, 1).equals("reinstreq");
    };
  }

  private static String word(@Nullable Stanza stanza, int index) {
    String[] words =
        stanza == null ? new String[0] : stanza.field("Status", "").strip().split("\\s+");
    return index < words.length ? words[index] : "";
  }

  /** Configuration files by path without the leading slash, with the md5 of what was shipped. */
  static Map<String, String> conffiles(@Nullable Stanza stanza) {
    Map<String, String> out = new TreeMap<>();
    if (stanza != null) {
      for (String line : stanza.field("Conffiles", "").split("\n")) {
        // "/path with spaces md5sum [obsolete] [remove-on-upgrade]"
        String[] words = line.strip().split(" ");
        int at = words.length - 1;
        while (at > 0 && !words[at].matches("[0-9a-f]{32}|newconffile")) {
          at--;
        }
        if (at > 0 && words[0].startsWith("/")) {
          String path = String.join(" ", java.util.Arrays.copyOf(words, at));
          out.put(path.substring(1), words[at]);
        }
      }
    }
    return out;
  }

  static String text(Collection<Stanza> stanzas) {
    StringBuilder out = new StringBuilder();
    for (Stanza stanza : stanzas) {
      out.append(stanza.text()).append('\n');
    }
    return out.toString();
  }
}
