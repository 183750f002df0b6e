package org.lamina.console.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class LineParserTest {
  private static final CommandSpec START =
      CommandSpec.of(CommandSpec.Group.CONTAINERS, "container start", "start", "start")
          .operands("CTID", 1, 1, Source.CONTAINERS)
          .options(
              OptionSpec.flag("--wait", "wait"),
              OptionSpec.value("--timeout", "SECONDS", "how long").or("-t"));
  private static final CommandSpec EXEC =
      CommandSpec.of(CommandSpec.Group.CONTAINERS, "container exec", "run", "exec")
          .verbatimAfter("CTID COMMAND", Source.RUNNING);

  private static Parsed parse(CommandSpec spec, String words) {
    return LineParser.parse(spec, Words.split(words));
  }

  private static void refused(CommandSpec spec, String words, ExitCode code, String message) {
    assertThatThrownBy(() -> parse(spec, words))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(code);
              assertThat(e.text() + " " + e.hint().orElse("")).contains(message);
            });
  }

  @Test
  void optionsStandAnywhereAndNeedNoValueWhereTheyHaveNone() {
    for (String line :
        List.of("--wait --timeout 5 101", "101 --wait --timeout=5", "--wait 101 -t 5")) {
      Parsed parsed = parse(START, line);
      assertThat(parsed.operands()).containsExactly("101");
      assertThat(parsed.has("--wait")).isTrue();
      assertThat(parsed.get("--timeout")).isEqualTo("5");
    }
  }

  @Test
  void whatNoCommandTakesIsRefused() {
    refused(START, "101 --wiat", ExitCode.BAD_PARAMETER, "Did you mean --wait?");
    refused(START, "101 --timeout", ExitCode.BAD_PARAMETER, "--timeout needs a value");
    refused(START, "101 --wait=yes", ExitCode.BAD_PARAMETER, "takes no value");
    refused(START, "101 --timeout 1 -t 2", ExitCode.BAD_PARAMETER, "given twice");
    refused(START, "", ExitCode.USAGE, "something is missing");
    refused(START, "101 102", ExitCode.USAGE, "unexpected argument 102");
    refused(EXEC, "101", ExitCode.USAGE, "something is missing");
  }

  @Test
  void helpAsksForNoOperands() {
    assertThat(parse(START, "--help").has(CommandSpec.HELP)).isTrue();
    assertThat(parse(START, "-h").has(CommandSpec.HELP)).isTrue();
  }

  @Test
  void aCommandForAContainerIsNotTouched() {
    assertThat(parse(EXEC, "101 ls --color -h -- 'a b'").operands())
        .containsExactly("101", "ls", "--color", "-h", "--", "a b");
  }

  @Test
  void twoDashesEndTheOptions() {
    assertThat(parse(START, "-- --wait").operands()).containsExactly("--wait");
  }

  @Test
  void theLongestNameWins() {
    CommandSpec shorter = CommandSpec.of(CommandSpec.Group.HOST, "container", "x");
    List<CommandSpec> all = List.of(shorter, START, EXEC);
    assertThat(LineParser.find(List.of("container", "start", "101"), all))
        .contains(new LineParser.Match(START, 2));
    assertThat(LineParser.find(List.of("start"), all)).contains(new LineParser.Match(START, 1));
    assertThat(LineParser.find(List.of("container", "x"), all))
        .contains(new LineParser.Match(shorter, 1));
    assertThat(LineParser.find(List.of("star"), all)).isEmpty();
  }

  @Test
  void similarWordsAreFoundAndOthersAreNot() {
    List<String> words = List.of("start", "stop", "container list");
    assertThat(Similar.to("strat", words)).contains("start");
    assertThat(Similar.to("stat", words)).contains("start");
    assertThat(Similar.to("frob", words)).isEmpty();
    assertThat(Similar.to("container lst", words)).contains("container list");
    assertThat(Similar.to("x".repeat(10_000), words)).isEmpty();
    assertThat(Similar.edits("kitten", "sitting")).isEqualTo(3);
  }
}
