package org.lamina.templates.patch.merge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One administrative file of update-alternatives or alternatives: {@code
 * var/lib/dpkg/alternatives/NAME} or {@code var/lib/alternatives/NAME}.
 *
 * @param mode {@code auto} or {@code manual}
 * @param link the path that programs use
 * @param slaves links that follow, by name
 * @param choices by path of what may be linked
 */
public record Alternative(
    String mode, String link, Map<String, String> slaves, Map<String, Choice> choices) {

  /**
   * @param targets of the slaves, in their order; empty text where there is none
   */
  public record Choice(String priority, Map<String, String> targets) {}

  /** Nothing if the text is not in the format, which dpkg says of damaged files too. */
  public static Optional<Alternative> parse(String text) {
    String[] lines = text.split("\n", -1);
    if (lines.length < 3 || !(lines[0].equals("auto") || lines[0].equals("manual"))) {
      return Optional.empty();
    }
    int at = 2;
    Map<String, String> slaves = new LinkedHashMap<>();
    while (at + 1 < lines.length && !lines[at].isEmpty()) {
      slaves.put(lines[at], lines[at + 1]);
      at += 2;
    }
    at++;
    Map<String, Choice> choices = new LinkedHashMap<>();
    while (at + 1 + slaves.size() < lines.length && !lines[at].isEmpty()) {
      String path = lines[at++];
      String priority = lines[at++];
      Map<String, String> targets = new LinkedHashMap<>();
      for (String slave : slaves.keySet()) {
        targets.put(slave, lines[at++]);
      }
      choices.put(path, new Choice(priority, targets));
    }
    return Optional.of(new Alternative(lines[0], lines[1], slaves, choices));
  }

  public String text() {
    List<String> lines = new ArrayList<>(List.of(mode, link));
    slaves.forEach((name, path) -> {
      lines.add(name);
      lines.add(path);
    });
    lines.add("");
    choices.forEach((path, choice) -> {
      lines.add(path);
      lines.add(choice.priority());
      slaves.keySet().forEach(s -> lines.add(choice.targets().getOrDefault(s, "")));
    });
    lines.add("");
    return String.join("\n", lines) + "\n";
  }

  /** The container's mode and choices with what the template added, changed and took away. */
  public static Optional<String> merge(String base, String mine, String next) {
    Optional<Alternative> m = parse(mine);
    Optional<Alternative> n = parse(next);
    if (m.isEmpty() || n.isEmpty()) {
      return Optional.empty();
    }
    Alternative b = parse(base).orElse(new Alternative("auto", "", Map.of(), Map.of()));
    @Nullable String mode = m.get().mode().equals(b.mode()) ? n.get().mode() : m.get().mode();
    Map<String, String> slaves =
        KeyedMerge.merge(b.slaves(), m.get().slaves(), n.get().slaves(), (k, x, y, z) -> y);
    Map<String, Choice> choices =
        KeyedMerge.merge(b.choices(), m.get().choices(), n.get().choices(), (k, x, y, z) -> z);
    String text = new Alternative(mode, n.get().link(), slaves, choices).text();
    // The tool of the rpm family takes a blank line at the end for a damaged file.
    return Optional.of(mine.endsWith("\n\n") ? text : text.substring(0, text.length() - 1));
  }
}
