package org.lamina.manager.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class OptionTableTest {
  private static final OptionTable TABLE =
      new OptionTable()
          .flag("f", "-f", "--flag")
          .value("NAME", "n", "--name")
          .later("it comes with a later one.", "--diskspace")
          .ignored("there is nothing to check.", "--skip-fsck");

  @Test
  void options_mayStandAnywhereAndTakeTheirValueBothWays() {
    Parsed parsed = TABLE.parse("x", List.of("101", "--name=a=b", "-f", "--", "-f", "--name"));
    assertThat(parsed.operands()).containsExactly("101", "-f", "--name");
    assertThat(parsed.get("--name")).isEqualTo("a=b");
    assertThat(parsed.has("-f")).isTrue();
    assertThat(TABLE.parse("x", List.of("--name", "-f")).get("--name")).isEqualTo("-f");
    assertThat(TABLE.parse("x", List.of("--name=")).get("--name")).isEmpty();
    assertThat(TABLE.parse("x", List.of("-")).operands()).containsExactly("-");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--nmae 1 | unknown option --nmae",
        "--name | needs a value",
        "--flag=1 | takes no value",
        "--name a --name b | given twice",
        "-f --flag | given twice",
        "--diskspace 1 | not in this release: it comes with a later one.",
        "--diskspace=1 | not in this release",
        "-z | unknown option -z",
      })
  void badLines_areRefusedWith21(String line, String message) {
    assertThatThrownBy(() -> TABLE.parse("vzctl x", List.of(line.split(" "))))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_PARAMETER))
        .hasMessageContaining(message);
  }

  @Test
  void unknownOption_suggestsTheNearest() {
    assertThatThrownBy(() -> TABLE.parse("x", List.of("--nmae")))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.hint()).contains("Did you mean --name?"));
  }

  @Test
  void ignoredOption_isAcceptedAndSaid() {
    assertThat(TABLE.parse("x", List.of("--skip-fsck")).notices())
        .containsExactly("--skip-fsck has no effect: there is nothing to check.");
  }

  @Test
  void escapeSequences_areNotPrinted() {
    assertThatThrownBy(() -> TABLE.parse("x", List.of("--\u001b[31m")))
        .hasMessage("x: unknown option --?[31m");
  }

  @Test
  void verbatimTables_leaveACommandAlone() {
    Parsed parsed =
        new OptionTable()
            .operandsAfterFirstAreVerbatim()
            .parse("x", List.of("101", "ls", "-l", "--", "-"));
    assertThat(parsed.operands()).containsExactly("101", "ls", "-l", "--", "-");
  }

  @Test
  void nearest_findsPrefixesAndTypos() {
    List<String> words = List.of("start", "stop", "status", "restart");
    assertThat(Nearest.to("strat", words)).contains("start");
    assertThat(Nearest.to("stat", words)).contains("start");
    assertThat(Nearest.to("resta", words)).contains("restart");
    assertThat(Nearest.to("xyzzy", words)).isEmpty();
    assertThat(Nearest.to("x".repeat(10_000), words)).isEmpty();
    assertThat(Nearest.distance("ab", "ba")).isEqualTo(1);
  }
}
