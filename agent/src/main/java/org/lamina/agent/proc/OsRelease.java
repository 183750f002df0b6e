package org.lamina.agent.proc;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The assignments of an {@code os-release} file, read as data and never by a shell.
 *
 * @param values last assignment of each well-formed name, quotes removed
 */
public record OsRelease(Map<String, String> values) {
  private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");
  private static final int LONGEST_VALUE = 1024;

  public OsRelease {
    values = Map.copyOf(values);
  }

  public Optional<String> get(String name) {
    return Optional.ofNullable(values.get(name));
  }

  /** Such as {@code debian}; {@code linux} if the file does not say, as its definition has it. */
  public String id() {
    return values.getOrDefault("ID", "linux");
  }

  /** Such as {@code 12}. */
  public Optional<String> versionId() {
    return get("VERSION_ID");
  }

  public String prettyName() {
    return values.getOrDefault("PRETTY_NAME", "Linux");
  }

  /**
   * Lines that are no assignment, badly quoted, overlong or with control characters are skipped.
   */
  public static OsRelease parse(List<String> lines) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String raw : lines) {
      String line = raw.strip();
      int equals = line.indexOf('=');
      if (equals > 0 && NAME.matcher(line.substring(0, equals)).matches()) {
        unquote(line.substring(equals + 1))
            .ifPresent(value -> values.put(line.substring(0, equals), value));
      }
    }
    return new OsRelease(values);
  }

  private static Optional<String> unquote(String text) {
    StringBuilder out = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || out.length() >= LONGEST_VALUE) {
        return Optional.empty();
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (quote != 0 && c == quote) {
        quote = 0;
      } else if (c == '\\' && quote != '\'') {
        if (++i == text.length()) {
          return Optional.empty();
        }
        char next = text.charAt(i);
        if (quote == '"' && "\"\\$`".indexOf(next) < 0) {
          out.append('\\');
        }
        out.append(next);
      } else if (quote == 0 && Character.isWhitespace(c)) {
        return Optional.empty();
      } else {
        out.append(c);
      }
    }
    return quote == 0 ? Optional.of(out.toString()) : Optional.empty();
  }
}
