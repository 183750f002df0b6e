package org.lamina.console.line;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** Reads the words behind a command's name by the command's table. Pure. */
public final class LineParser {
  private LineParser() {}

  /**
   * The longest command name the words begin with.
   *
   * @param commands everything there is
   */
  public static Optional<Match> find(List<String> words, Iterable<CommandSpec> commands) {
    Match best = null;
    for (CommandSpec spec : commands) {
      for (String name : spec.names()) {
        List<String> parts = List.of(name.split(" "));
        boolean begins =
            words.size() >= parts.size() && words.subList(0, parts.size()).equals(parts);
        if (begins && (best == null || parts.size() > best.length())) {
          best = new Match(spec, parts.size());
        }
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * @param length how many words are the name
   */
  public record Match(CommandSpec spec, int length) {}

  /**
   * @param words behind the name
   * @throws LaminaException BAD_PARAMETER for an unknown option or a missing or needless value,
   *     USAGE for too few or too many operands, as vzctl has it
   */
  public static Parsed parse(CommandSpec spec, List<String> words) {
    List<String> operands = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>();
    boolean onlyOperands = false;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (spec.verbatim() && (spec.least() == 0 || !operands.isEmpty())) {
        operands.addAll(words.subList(i, words.size()));
        break;
      }
      if (onlyOperands || !word.startsWith("-") || word.equals("-")) {
        operands.add(word);
      } else if (word.equals("--")) {
        onlyOperands = true;
      } else {
        i = option(spec, words, i, options);
      }
    }
    Parsed parsed = new Parsed(operands, options);
    if (!parsed.has(CommandSpec.HELP)) {
      checkCount(spec, operands);
    }
    return parsed;
  }

  private static int option(
      CommandSpec spec, List<String> words, int at, Map<String, String> options) {
    String word = words.get(at);
    int equals = word.startsWith("--") ? word.indexOf('=') : -1;
    String name = equals < 0 ? word : word.substring(0, equals);
    OptionSpec option = spec.option(name).orElseThrow(() -> unknown(spec, name));
    if (!option.takesValue()) {
      if (equals >= 0) {
        throw bad(spec, option.name() + " takes no value");
      }
      options.put(option.name(), "");
      return at;
    }
    if (options.containsKey(option.name()) && !option.takesSeveral()) {
      throw bad(spec, option.name() + " is given twice");
    }
    if (equals >= 0) {
      options.merge(option.name(), word.substring(equals + 1), LineParser::several);
      return at;
    }
    if (at + 1 >= words.size()) {
      throw bad(spec, option.name() + " needs a value: " + option.name() + " " + option.value());
    }
    options.merge(option.name(), words.get(at + 1), LineParser::several);
    return at + 1;
  }

  private static String several(String first, String then) {
    return first + "," + then;
  }

  private static void checkCount(CommandSpec spec, List<String> operands) {
    if (operands.size() < spec.least()) {
      throw new LaminaException(
          ExitCode.USAGE,
          spec.name() + ": something is missing",
          "Write: " + spec.usage() + (spec.examples().isEmpty() ? "" : example(spec)));
    }
    if (operands.size() > spec.most()) {
      throw new LaminaException(
          ExitCode.USAGE,
          spec.name() + ": unexpected argument " + Printable.shorten(operands.get(spec.most()), 40),
          "Write: " + spec.usage());
    }
  }

  private static String example(CommandSpec spec) {
    return ", for example: " + spec.examples().getFirst();
  }

  private static LaminaException unknown(CommandSpec spec, String word) {
    List<String> known = spec.options().stream().map(OptionSpec::name).toList();
    return new LaminaException(
        ExitCode.BAD_PARAMETER,
        spec.name() + ": there is no option " + Printable.shorten(word, 40),
        Similar.to(word, known)
            .map(o -> "Did you mean " + o + "?")
            .orElse("Its options are shown by: help " + spec.name()));
  }

  private static LaminaException bad(CommandSpec spec, String what) {
    return new LaminaException(ExitCode.BAD_PARAMETER, spec.name() + ": " + what);
  }
}
