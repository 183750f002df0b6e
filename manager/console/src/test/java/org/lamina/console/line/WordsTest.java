package org.lamina.console.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class WordsTest {
  @Test
  void splitsLikeAShell() {
    assertThat(Words.split("  start   101\t--wait ")).containsExactly("start", "101", "--wait");
    assertThat(Words.split("exec 101 'a  b' \"c $d\" e\\ f ''"))
        .containsExactly("exec", "101", "a  b", "c $d", "e f", "");
    assertThat(Words.split("--name=\"two words\"x")).containsExactly("--name=two wordsx");
    assertThat(Words.split("\"a\\\"b\\\\c\\d\"")).containsExactly("a\"b\\c\\d");
    assertThat(Words.split("'a\\b'")).containsExactly("a\\b");
    assertThat(Words.split("")).isEmpty();
  }

  @Test
  void anOpenQuoteIsAUsageError() {
    for (String line : List.of("a 'b", "a \"b", "a \"b\\\"")) {
      assertThatThrownBy(() -> Words.split(line))
          .isInstanceOfSatisfying(
              LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"plain", "", "two words", "it's", "\"", "back\\slash", "a'b\"c\\d e", "*?,!101"})
  void quotedWordsComeBack(String word) {
    assertThat(Words.split(Words.quote(word))).containsExactly(word);
    assertThat(Words.split(Words.join(List.of(word, "x", word)))).containsExactly(word, "x", word);
  }
}
