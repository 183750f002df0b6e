package org.lamina.console.line;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a command is called, takes and is for.
 *
 * @param name words separated by one space, such as {@code container start}
 * @param aliases further names, such as the spelling of vzctl
 * @param operands the operands in help, such as {@code SELECTOR}; empty for none
 * @param least how many operands there must be
 * @param most how many there may be
 * @param verbatim everything after the first operand is an operand, options too; where no operand
 *     is needed, everything
 * @param examples lines as typed
 */
public record CommandSpec(
    Group group,
    String name,
    List<String> aliases,
    String operands,
    int least,
    int most,
    Source source,
    boolean verbatim,
    String summary,
    List<OptionSpec> options,
    String notes,
    List<String> examples) {
  public static final OptionSpec HELP = OptionSpec.flag("--help", "-h", "explain the command");
  public static final OptionSpec JSON = OptionSpec.flag("--json", "-j", "print JSON, for programs");
  public static final OptionSpec YES = OptionSpec.flag("--yes", "-y", "do not ask");

  /** The groups of help, in its order. */
  public enum Group {
    CONTAINERS("Containers"),
    TEMPLATES("Templates"),
    OPERATIONS("Operations"),
    HOST("Host"),
    CONSOLE("This console");

    private final String title;

    Group(String title) {
      this.title = title;
    }

    public String title() {
      return title;
    }
  }

  public CommandSpec {
    aliases = List.copyOf(aliases);
    options = List.copyOf(options);
    examples = List.copyOf(examples);
  }

  public static CommandSpec of(Group group, String name, String summary, String... aliases) {
    return new CommandSpec(
        group,
        name,
        List.of(aliases),
        "",
        0,
        0,
        Source.NOTHING,
        false,
        summary,
        List.of(),
        "",
        List.of());
  }

  /** With operands, at least and at most so many. */
  public CommandSpec operands(String text, int atLeast, int atMost, Source from) {
    return new CommandSpec(
        group, name, aliases, text, atLeast, atMost, from, verbatim, summary, options, notes,
        examples);
  }

  /** With operands of which all after the first are taken as they are. */
  public CommandSpec verbatimAfter(String text, Source from) {
    return new CommandSpec(
        group,
        name,
        aliases,
        text,
        2,
        Integer.MAX_VALUE,
        from,
        true,
        summary,
        options,
        notes,
        examples);
  }

  public CommandSpec options(OptionSpec... more) {
    List<OptionSpec> all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return new CommandSpec(
        group, name, aliases, operands, least, most, source, verbatim, summary, all, notes,
        examples);
  }

  public CommandSpec notes(String text) {
    return new CommandSpec(
        group, name, aliases, operands, least, most, source, verbatim, summary, options, text,
        examples);
  }

  public CommandSpec examples(String... lines) {
    return new CommandSpec(
        group,
        name,
        aliases,
        operands,
        least,
        most,
        source,
        verbatim,
        summary,
        options,
        notes,
        List.of(lines));
  }

  /** What the operand at a place names; a selector behind a template names containers. */
  public Source source(int operand) {
    return operand > 0 && operands.endsWith("[SELECTOR]") ? Source.CONTAINERS : source;
  }

  /** The option of this name or letter; {@code --help} is there always. */
  public Optional<OptionSpec> option(String word) {
    return HELP.is(word) ? Optional.of(HELP) : options.stream().filter(o -> o.is(word)).findFirst();
  }

  public List<String> names() {
    List<String> names = new ArrayList<>();
    names.add(name);
    names.addAll(aliases);
    return names;
  }

  /** Name, options and operands on one line. */
  public String usage() {
    return name
        + (options.isEmpty() ? "" : " [OPTION...]")
        + (operands.isEmpty() ? "" : " " + operands);
  }
}
