package org.lamina.manager.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * The options of one command, and how a command line is read by them: {@code --name value}, {@code
 * --name=value}, {@code -x value}, operands anywhere between, {@code --} before operands that look
 * like options. An option given twice that is none of {@link #values} is refused, because the
 * original kept the first and dropped the second without a word. Immutable once built.
 */
public final class OptionTable {
  private final List<Option> options = new ArrayList<>();
  private final Map<String, Option> byName = new LinkedHashMap<>();
  private final Set<String> repeatable = new HashSet<>();
  private final Map<String, String> later = new LinkedHashMap<>();
  private final Map<String, String> ignored = new LinkedHashMap<>();
  private boolean stopAtCommand;

  public OptionTable flag(String help, String... names) {
    return add(new Option(Arrays.asList(names), null, help, Option.Completion.NOTHING));
  }

  public OptionTable value(String value, String help, String... names) {
    return value(value, help, Option.Completion.NOTHING, names);
  }

  public OptionTable value(
      String value, String help, Option.Completion completion, String... names) {
    return add(new Option(Arrays.asList(names), value, help, completion));
  }

  /** Options that may be given more than once; each adds to what is asked for. */
  public OptionTable values(String value, String help, String... names) {
    repeatable.add(names[0]);
    return value(value, help, names);
  }

  /** Options OpenVZ has and this release refuses, with the reason as a sentence. */
  public OptionTable later(String reason, String... names) {
    Arrays.stream(names).forEach(n -> later.put(n, reason));
    return this;
  }

  /** Switches OpenVZ has and that have nothing to act on here; accepted, and said. */
  public OptionTable ignored(String reason, String... names) {
    Arrays.stream(names).forEach(n -> ignored.put(n, reason));
    return this;
  }

  /** Everything after the first operand belongs to a command of the operator and is not read. */
  public OptionTable operandsAfterFirstAreVerbatim() {
    stopAtCommand = true;
    return this;
  }

  private OptionTable add(Option option) {
    options.add(option);
    option.names().forEach(n -> byName.put(n, option));
    return this;
  }

  public List<Option> options() {
    return List.copyOf(options);
  }

  public @Nullable Option option(String name) {
    return byName.get(name);
  }

  /**
   * @param command for messages, such as {@code vzctl set}
   * @throws LaminaException BAD_PARAMETER for an unknown or repeated option, a missing value, or an
   *     option of a later release
   */
  public Parsed parse(String command, List<String> args) {
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, List<String>> lists = new LinkedHashMap<>();
    List<String> operands = new ArrayList<>();
    List<String> notices = new ArrayList<>();
    for (int i = 0; i < args.size(); i++) {
      String word = args.get(i);
      boolean verbatim = stopAtCommand && !operands.isEmpty();
      if (verbatim || !word.startsWith("-") || word.equals("-")) {
        operands.add(word);
        if (verbatim) {
          operands.addAll(args.subList(i + 1, args.size()));
          break;
        }
        continue;
      }
      if (word.equals("--")) {
        operands.addAll(args.subList(i + 1, args.size()));
        break;
      }
      int equals = word.startsWith("--") ? word.indexOf('=') : -1;
      String name = equals < 0 ? word : word.substring(0, equals);
      if (ignored.containsKey(name)) {
        notices.add(name + " has no effect: " + ignored.get(name));
        continue;
      }
      Option option = byName.get(name);
      if (option == null) {
        throw unknown(command, name);
      }
      String value;
      if (option.value() == null) {
        if (equals >= 0) {
          throw bad(command + ": " + name + " takes no value", null);
        }
        value = "";
      } else if (equals >= 0) {
        value = word.substring(equals + 1);
      } else if (i + 1 < args.size()) {
        value = args.get(++i);
      } else {
        throw bad(
            command + ": " + name + " needs a value", "Write " + name + " " + option.value() + ".");
      }
      lists.computeIfAbsent(option.name(), n -> new ArrayList<>()).add(value);
      if (values.putIfAbsent(option.name(), value) != null && !repeatable.contains(option.name())) {
        throw bad(command + ": " + name + " is given twice", "Give each option once.");
      }
    }
    return new Parsed(values, lists, operands, notices);
  }

  private LaminaException unknown(String command, String name) {
    String reason = later.get(name);
    String shown = Printable.shorten(name, 40);
    if (reason != null) {
      return bad(command + ": " + shown + " is not in this release: " + reason, null);
    }
    String hint = Nearest.hint(name, byName.keySet());
    return bad(
        command + ": unknown option " + shown, hint != null ? hint : "See: " + command + " --help");
  }

  private static LaminaException bad(String message, @Nullable String hint) {
    return new LaminaException(ExitCode.BAD_PARAMETER, message, hint);
  }
}
