package org.lamina.console.shell;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.LineParser;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Source;

/** What may come next on a line. Pure but for the vocabulary it is given. */
public final class Completion {
  /**
   * A word to offer.
   *
   * @param meaning shown beside it
   * @param group heading it is shown under
   * @param complete a space follows it
   */
  public record Offer(String word, String meaning, String group, boolean complete) {}

  private final Collection<CommandSpec> commands;
  private final Vocabulary vocabulary;

  public Completion(Collection<CommandSpec> commands, Vocabulary vocabulary) {
    this.commands = List.copyOf(commands);
    this.vocabulary = vocabulary;
  }

  /**
   * @param before whole words before the one at the cursor
   * @param current the word at the cursor, up to it
   */
  public List<Offer> after(List<String> before, String current) {
    Optional<LineParser.Match> match = LineParser.find(before, commands);
    if (match.isEmpty()) {
      return commandWords(before);
    }
    CommandSpec spec = match.get().spec();
    List<String> words = before.subList(match.get().length(), before.size());
    List<Offer> offers =
        new ArrayList<>(current.startsWith("-") ? List.of() : commandWords(before));
    offers.addAll(argument(spec, words, current));
    return offers;
  }

  private List<Offer> argument(CommandSpec spec, List<String> words, String current) {
    if (!words.isEmpty()) {
      Optional<OptionSpec> pending = spec.option(words.getLast());
      if (pending.isPresent() && pending.get().takesValue()) {
        return values(pending.get(), current);
      }
    }
    int operands = operands(spec, words);
    boolean verbatim = spec.verbatim() && operands > 0;
    if (current.startsWith("-") && !verbatim) {
      return options(spec, words);
    }
    return operands < spec.most() && !verbatim ? values(spec.source(operands), current) : List.of();
  }

  private List<Offer> values(OptionSpec option, String current) {
    int comma = option.takesSeveral() ? current.lastIndexOf(',') : -1;
    String prefix =
        comma >= 0
            ? current.substring(0, comma + 1)
            : current.startsWith("-") && !option.choices().isEmpty() ? "-" : "";
    List<Offer> offers = new ArrayList<>(values(option.source(), current));
    option.choices().forEach(c -> offers.add(new Offer(prefix + c, "", "", true)));
    return offers;
  }

  private static int operands(CommandSpec spec, List<String> words) {
    int count = 0;
    for (int i = 0; i < words.size(); i++) {
      Optional<OptionSpec> option = spec.option(words.get(i));
      if (option.isPresent()) {
        i += option.get().takesValue() ? 1 : 0;
      } else {
        count++;
      }
    }
    return count;
  }

  private static List<Offer> options(CommandSpec spec, List<String> words) {
    List<OptionSpec> all = new ArrayList<>(spec.options());
    all.add(CommandSpec.HELP);
    return all.stream()
        .filter(o -> o.takesSeveral() || !words.contains(o.name()))
        .map(o -> new Offer(o.name(), o.help(), "options", true))
        .toList();
  }

  private List<Offer> values(Source source, String current) {
    if (source == Source.COMMANDS) {
      return commandWords(List.of());
    }
    // a selector is completed at its last term
    int comma = current.lastIndexOf(',');
    String prefix = selects(source) && comma >= 0 ? current.substring(0, comma + 1) : "";
    boolean label = selects(source) && current.substring(prefix.length()).startsWith("label:");
    return vocabulary.of(label ? Source.LABELS : source).stream()
        .map(e -> new Offer(prefix + e.word(), e.meaning(), "", true))
        .toList();
  }

  private static boolean selects(Source source) {
    return source == Source.CONTAINERS || source == Source.RUNNING || source == Source.STOPPED;
  }

  /** The next words of the commands that begin with these. */
  private List<Offer> commandWords(List<String> before) {
    TreeMap<String, Offer> next = new TreeMap<>(Comparator.naturalOrder());
    String start = before.isEmpty() ? "" : String.join(" ", before) + " ";
    for (CommandSpec spec : commands) {
      for (String name : spec.names()) {
        if (name.startsWith(start)) {
          String rest = name.substring(start.length());
          int space = rest.indexOf(' ');
          String word = space < 0 ? rest : rest.substring(0, space);
          String meaning =
              space < 0 ? spec.summary() : spec.group().title().toLowerCase(Locale.ROOT);
          next.putIfAbsent(word, new Offer(word, meaning, "commands", true));
        }
      }
    }
    return List.copyOf(next.values());
  }
}
