package org.lamina.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LabelsTest {
  @Test
  void parse_toString_areInverse_andSorted() {
    assertThat(Labels.parse("tier=web,env=prod")).hasToString("env=prod,tier=web");
    assertThat(Labels.parse(Labels.parse("a=1,b=x:y@z+1").toString()))
        .isEqualTo(Labels.parse("b=x:y@z+1,a=1"));
    assertThat(Labels.parse("")).isEqualTo(Labels.NONE).hasToString("");
  }

  @Test
  void with_setsReplacesAndTakesAway() {
    Labels labels = Labels.parse("env=test,tier=web");
    assertThat(labels.with(Labels.changes("env=prod,tier=,owner=ops")))
        .hasToString("env=prod,owner=ops");
    assertThat(labels.with(Labels.changes("unknown="))).isEqualTo(labels);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "=v", "a=1,a=2", "a=1,", "-a=1", "a b=1", "a=b c", "a=\"", "ü=1", "a=b=c"})
  void bad_isRefused(String text) {
    assertThatThrownBy(() -> Labels.NONE.with(Labels.changes(text)))
        .isInstanceOf(LaminaException.class)
        .hasMessageContaining("bad label")
        .extracting(e -> ((LaminaException) e).exitCode())
        .isEqualTo(ExitCode.BAD_PARAMETER);
  }

  @Test
  void tooLongOrTooMany_isRefused() {
    assertThat(Labels.of(Map.of("k".repeat(63), "v".repeat(63))).isEmpty()).isFalse();
    assertThatThrownBy(() -> Labels.of(Map.of("k".repeat(64), "v")))
        .hasMessageContaining("bad label");
    assertThatThrownBy(() -> Labels.of(Map.of("k", "v".repeat(64))))
        .hasMessageContaining("bad label");
    Map<String, String> many = new TreeMap<>();
    for (int i = 0; i <= Labels.MOST; i++) {
      many.put("k" + i, "v");
    }
    assertThatThrownBy(() -> Labels.of(many)).hasMessageContaining("at most 64");
  }
}
