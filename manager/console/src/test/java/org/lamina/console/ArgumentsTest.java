package org.lamina.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class ArgumentsTest {
  private static Arguments of(String... words) {
    return Arguments.of(words);
  }

  @Test
  void saysWhatIsWanted() {
    assertThat(of().interactive()).isTrue();
    assertThat(of("-c", "list", "-c", "exec 101 'a b'").lines())
        .containsExactly("list", "exec 101 'a b'");
    assertThat(of("@file").script()).isEqualTo("file");
    assertThat(of("@-").script()).isEqualTo("-");
    assertThat(of("--help").help()).isTrue();
    assertThat(of("--help").interactive()).isFalse();
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    for (List<String> words :
        List.of(
            List.of("-c"),
            List.of("list"),
            List.of("@"),
            List.of("@a", "@b"),
            List.of("@a", "-c", "x"))) {
      assertThatThrownBy(() -> of(words.toArray(String[]::new)))
          .isInstanceOfSatisfying(
              LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE));
    }
  }

  @Test
  void settingsComeFromTheEnvironment() {
    Settings plain = Settings.of(Map.of("TERM", "xterm"), Path.of("/home/x"));
    assertThat(plain.socket()).isEqualTo(Path.of("/run/lamina/lamina.sock"));
    assertThat(plain.history()).isEqualTo(Path.of("/home/x/.lamina_history"));
    assertThat(plain.colour()).isTrue();
    assertThat(plain.version()).matches("[0-9]+\\.[0-9]+\\.[0-9]+.*");
    Settings other =
        Settings.of(
            Map.of("TERM", "xterm", "NO_COLOR", "1", "LAMINA_SOCKET", "/tmp/s"), Path.of("/"));
    assertThat(other.socket()).isEqualTo(Path.of("/tmp/s"));
    assertThat(other.colour()).isFalse();
    assertThat(Settings.of(Map.of("TERM", "dumb"), Path.of("/")).colour()).isFalse();
    assertThat(Settings.of(Map.of(), Path.of("/")).colour()).isFalse();
  }
}
