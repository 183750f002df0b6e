package org.lamina.console.line;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One option of a command.
 *
 * @param name with its dashes, such as {@code --ram}
 * @param letter the short form with its dash, such as {@code -j}, or null
 * @param value name of the value in help, or null for an option without one
 * @param source where values come from, beside the choices
 * @param choices values that are always offered; several may be given, separated by commas or by
 *     repeating the option, where the value's name ends in {@code ,...}
 * @param help one phrase
 */
public record OptionSpec(
    String name,
    @Nullable String letter,
    @Nullable String value,
    Source source,
    List<String> choices,
    String help) {
  public OptionSpec {
    choices = List.copyOf(choices);
  }

  public static OptionSpec flag(String name, String help) {
    return new OptionSpec(name, null, null, Source.NOTHING, List.of(), help);
  }

  public static OptionSpec flag(String name, String letter, String help) {
    return new OptionSpec(name, letter, null, Source.NOTHING, List.of(), help);
  }

  public static OptionSpec value(String name, String value, String help) {
    return value(name, value, Source.NOTHING, help);
  }

  public static OptionSpec value(String name, String value, Source source, String help) {
    return new OptionSpec(name, null, value, source, List.of(), help);
  }

  /** With values that are known beforehand. */
  public static OptionSpec choice(String name, String value, List<String> choices, String help) {
    return new OptionSpec(name, null, value, Source.NOTHING, choices, help);
  }

  /** This option with a short form beside the long one. */
  public OptionSpec or(String shortForm) {
    return new OptionSpec(name, shortForm, value, source, choices, help);
  }

  public boolean takesValue() {
    return value != null;
  }

  /** Whether the value is a list with commas. */
  public boolean takesSeveral() {
    return value != null && value.endsWith(",...");
  }

  boolean is(String word) {
    return word.equals(name) || word.equals(letter);
  }
}
