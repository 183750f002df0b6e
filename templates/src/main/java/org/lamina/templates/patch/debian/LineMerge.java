package org.lamina.templates.patch.debian;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.lamina.templates.patch.merge.KeyedMerge;

/** Three-way merges of dpkg's smaller tables, by record. The container's own wish wins. Pure. */
final class LineMerge {
  private LineMerge() {}

  /** Records of three lines: from, to, whose. A path is diverted once at most. */
  static String diversions(String base, String mine, String next) {
    return merge(LineMerge::triples, base, mine, next);
  }

  /** Lines {@code user group mode path}. */
  static String statoverrides(String base, String mine, String next) {
    Function<String, String> path =
        line -> line.split(" ", 4).length < 4 ? line : line.split(" ", 4)[3];
    return merge(text -> keyed(text, path), base, mine, next);
  }

  /** Lines that are their own keys: triggers, architectures, lists of shells. */
  static String lines(String base, String mine, String next) {
    return merge(text -> keyed(text, Function.identity()), base, mine, next);
  }

  /** Certificates by name; one that the container deselected by a {@code !} stays so. */
  static String certificates(String base, String mine, String next) {
    return merge(
        text -> keyed(text, line -> line.startsWith("!") ? line.substring(1) : line),
        base,
        mine,
        next);
  }

  /** Paragraphs by the value of their first field, or of their first two. */
  static String stanzas(String base, String mine, String next, List<String> keys) {
    Function<String, Map<String, String>> parse =
        text ->
            Stanza.parse(text).stream()
                .collect(
                    Collectors.toMap(
                        s ->
                            keys.stream().map(k -> s.field(k, "")).collect(Collectors.joining(":")),
                        s -> s.text() + "\n",
                        (a, b) -> b,
                        LinkedHashMap::new));
    return merge(parse, base, mine, next);
  }

  private static String merge(
      Function<String, Map<String, String>> parse, String base, String mine, String next) {
    Map<String, String> out =
        KeyedMerge.merge(
            parse.apply(base), parse.apply(mine), parse.apply(next), (key, b, m, n) -> m);
    return String.join("", out.values());
  }

  private static Map<String, String> keyed(String text, Function<String, String> key) {
    Map<String, String> out = new LinkedHashMap<>();
    text.lines().forEach(line -> out.put(key.apply(line), line + "\n"));
    return out;
  }

  private static Map<String, String> triples(String text) {
    Map<String, String> out = new LinkedHashMap<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i + 2 < lines.size(); i += 3) {
      out.put(lines.get(i), String.join("\n", lines.subList(i, i + 3)) + "\n");
    }
    return out;
  }
}
