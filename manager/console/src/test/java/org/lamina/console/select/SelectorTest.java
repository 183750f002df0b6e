package org.lamina.console.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class SelectorTest {
  private record Box(
      int ctid, @Nullable String name, String template, int generation, String status)
      implements Selectable {
    @Override
    public Map<String, String> labels() {
      return switch (ctid) {
        case 101 -> Map.of("env", "prod", "tier", "web");
        case 140 -> Map.of("env", "test", "tier", "web");
        case 300 -> Map.of("tier", "db");
        default -> Map.of();
      };
    }
  }

  private static final List<Box> ALL =
      List.of(
          new Box(140, "web3", "debian-12", 1, "running"),
          new Box(101, "web1", "debian-12", 0, "running"),
          new Box(102, null, "debian-11", 0, "stopped"),
          new Box(110, "web 2", "debian-12", 0, "stopped"),
          new Box(200, "101-102", "debian-13", 0, "mounted"),
          new Box(300, "db.x", "debian-12-sysvinit", 2, "running"));

  private static String pick(String selector) {
    return String.join(
        " ",
        Selector.parse(selector).of(ALL).stream().map(b -> Integer.toString(b.ctid())).toList());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "101|101",
        "web1|101",
        "web 2|110",
        "140,101,web1|101 140",
        "101-140|101 102 110 140",
        "0-4000000000|101 102 110 140 200 300",
        // a range that somebody is named by means that one too
        "101-102|101 102 200",
        "web*|101 110 140",
        "web?|101 140",
        "*|101 110 140 200 300",
        "all|101 102 110 140 200 300",
        "all,!101,!web*|102 200 300",
        "!101-140|200 300",
        "state:running|101 140 300",
        "state:r*|101 140 300",
        "template:debian-12|101 110 140",
        "template:debian-12*,state:running|101 140 300",
        "101-140,state:running|101 140",
        "generation:0,!state:stopped|101 200",
        "label:env=prod|101",
        "label:env|101 140",
        "label:tier=*b,!label:env=test|101 300",
        "102,101,label:tier=web|101",
        "db.x|300",
        " 101 , web3 |101 140",
      })
  void means(String selector, String ctids) {
    assertThat(pick(selector)).isEqualTo(ctids);
  }

  static Stream<String> nothing() {
    return Stream.of("dbxx*", "500-600", "state:gone", "101,!101", "d?.y");
  }

  @Test
  void nothingIsRefused() {
    nothing().forEach(s -> refused(s, ExitCode.BAD_PARAMETER, "no container matches"));
  }

  @Test
  void whatIsWrittenOutHasToExist() {
    refused("999", ExitCode.NO_CONTAINER_CONFIG, "there is no container 999");
    refused("101,999", ExitCode.NO_CONTAINER_CONFIG, "there is no container 999");
    refused("web9", ExitCode.BAD_PARAMETER, "there is no container named web9");
    // a dot is a dot, not any character
    refused("dbyx", ExitCode.BAD_PARAMETER, "there is no container named dbyx");
  }

  @Test
  void nonsenseIsRefused() {
    refused("", ExitCode.BAD_PARAMETER, "empty term");
    refused("101,,102", ExitCode.BAD_PARAMETER, "empty term");
    refused("140-101", ExitCode.BAD_PARAMETER, "range");
    refused("5", ExitCode.BAD_PARAMETER, "Bad CT ID");
    refused("99999999999", ExitCode.BAD_PARAMETER, "there is no container named");
    refused("x\u001b[31m\n", ExitCode.BAD_PARAMETER, "x?[31m");
  }

  private static void refused(String selector, ExitCode code, String message) {
    assertThatThrownBy(() -> pick(selector))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(code);
              assertThat(e.text()).contains(message);
            });
  }
}
