package org.lamina.templates.patch.merge;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which tool makes which file out of others. Immutable; thread safe. */
public final class ToolRules {
  private final List<Rule> rules;

  /**
   * @param path of what is made
   * @param command word by word; {@code $1} is the first group of the path
   */
  public record Rule(Pattern path, List<String> command) {}

  public ToolRules(Rule... rules) {
    this.rules = List.of(rules);
  }

  public static Rule rule(String path, String... command) {
    return new Rule(Pattern.compile(path), List.of(command));
  }

  /** The command that makes the file at a path anew, if a tool makes it. */
  public Optional<List<String>> command(String path) {
    for (Rule rule : rules) {
      Matcher matcher = rule.path().matcher(path);
      if (matcher.matches()) {
        return Optional.of(rule.command().stream().map(word -> filled(word, matcher)).toList());
      }
    }
    return Optional.empty();
  }

  private static String filled(String word, Matcher matcher) {
    return word.contains("$1") ? word.replace("$1", matcher.group(1)) : word;
  }
}
