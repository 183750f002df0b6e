package org.lamina.manager.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class ValuesTest {
  private static void refused(Function<String, ?> read, String text) {
    assertThatThrownBy(() -> read.apply(text))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_PARAMETER);
              assertThat(e.text()).contains("--opt");
              assertThat(e.hint()).isPresent();
            });
  }

  @ParameterizedTest
  @CsvSource({
    "512M, 536870912",
    "1.5g, 1610612736",
    "1048576, 1048576",
    "1048577, 1052672",
    "0, 0",
    "300p, 1228800",
    "unlimited, 9223372036854775807"
  })
  void memory_isRoundedUpToPages(String text, long bytes) {
    assertThat(Values.memory("--opt", text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "512", "1048575", "-1", "12Q", "1e9", " 1M", "9999999999T", "%s"})
  void memory_refuses(String text) {
    refused(t -> Values.memory("--opt", t), text);
  }

  @Test
  void memory_guessesTheForgottenSuffix() {
    assertThatThrownBy(() -> Values.memory("--ram", "512"))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.hint().orElse("")).contains("did you mean 512M?"));
  }

  @ParameterizedTest
  @CsvSource({
    "50, 50",
    "50%, 50",
    "0, 0",
    "unlimited, 0",
    "1, 1",
    "12.5, 12.5",
    "1000000, 1000000"
  })
  void cpuLimit_isPercentOfOneCpu(String text, double percent) {
    assertThat(Values.cpuLimit("--opt", text)).isEqualTo(percent);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-5", "0.5", "1000001", "50%%", "1.234", "half", "%", "2000m"})
  void cpuLimit_refuses(String text) {
    refused(t -> Values.cpuLimit("--opt", t), text);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "100:200, 200",
    "unlimited, 9223372036854775807",
    "1:unlimited, 9223372036854775807"
  })
  void count_takesTheLimit(String text, long limit) {
    assertThat(Values.count("--opt", text)).isEqualTo(limit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "5K", "1:2:3", ":5", "5:", "1.5"})
  void count_refuses(String text) {
    refused(t -> Values.count("--opt", t), text);
  }

  @ParameterizedTest
  @CsvSource({"0:256, 1048576", "256, 1048576", "0:512M, 536870912"})
  void pages_countPages(String text, long bytes) {
    assertThat(Values.pages("--opt", text).bytes()).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "YES", "true", "1", "y"})
  void yesNo_refuses(String text) {
    refused(t -> Values.yesNo("--opt", t), text);
  }

  @Test
  void whole_holdsItsBorders() {
    assertThat(Values.whole("--opt", "8", 8, 500_000)).isEqualTo(8);
    assertThat(Values.whole("--opt", "500000", 8, 500_000)).isEqualTo(500_000);
    refused(t -> Values.whole("--opt", t, 8, 500_000), "7");
    refused(t -> Values.whole("--opt", t, 8, 500_000), "500001");
    refused(t -> Values.whole("--opt", t, 8, 500_000), "+9");
    refused(t -> Values.whole("--opt", t, 8, 500_000), "99999999999999999999");
  }
}
