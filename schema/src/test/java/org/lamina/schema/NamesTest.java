package org.lamina.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  static Stream<String> hostile() {
    return Stream.of(
        "../x",
        "a/b",
        "a\nb",
        "a;b",
        "-x",
        "x".repeat(10_000),
        "a\0b",
        "a\tb",
        "\u001b[2J",
        "%s/",
        "$(id)",
        "`id`",
        "a|b",
        "a\"b",
        "a'b",
        "a\\b",
        "\u202Egnp",
        "naïve",
        "日本",
        "");
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void containerName_refusesHostileText(String text) {
    assertRefused(ContainerName::new, text, ExitCode.NAME_FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {" x", "x ", ".x", "101", "+x", "%s"})
  void containerName_refusesWhatCouldBeMistaken(String text) {
    assertRefused(ContainerName::new, text, ExitCode.NAME_FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"web1", "Web server 1", "a+b", "x.y_z-1", "_x", "1a", "1.5"})
  void containerName_takesUsualNames(String text) {
    assertThat(new ContainerName(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostname_refusesHostileText(String text) {
    assertRefused(Hostname::new, text, ExitCode.BAD_HOSTNAME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a..b", ".a", "a.", "x-", "a b", "a_b", "%s"})
  void hostname_refusesBrokenNames(String text) {
    assertRefused(Hostname::new, text, ExitCode.BAD_HOSTNAME);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "web1", "WEB1.example.com", "x--y", "1.2", "xn--bcher-kva"})
  void hostname_takesUsualNames(String text) {
    assertThat(new Hostname(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {63, 64, 65})
  void hostname_endsAtTheKernelsLimit(int length) {
    String name = "a".repeat(60) + "." + "b".repeat(length - 61);
    if (length <= Hostname.MAX) {
      assertThatCode(() -> new Hostname(name)).doesNotThrowAnyException();
    } else {
      assertRefused(Hostname::new, name, ExitCode.BAD_HOSTNAME);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"two\nlines", "\u001b[2J", "a\0", "\u202Etxt", "\ud800", "\u2028"})
  void description_refusesControlCharacters(String text) {
    assertRefused(Description::new, text, ExitCode.BAD_PARAMETER);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "it's \"quoted\"; $(id) %s", "Überblick 日本 🙂", "-x ../y"})
  void description_takesAnyPrintableText(String text) {
    assertThat(new Description(text).value()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(ints = {1024, 1025})
  void description_hasALimit(int length) {
    String text = "🙂".repeat(length);
    if (length <= Description.MAX) {
      assertThat(new Description(text).value()).isEqualTo(text);
    } else {
      assertRefused(Description::new, text, ExitCode.BAD_PARAMETER);
    }
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void fileWord_refusesHostileText(String text) {
    assertRefused(
        t -> FileWord.check(t, "template", ExitCode.TEMPLATE_NOT_FOUND),
        text,
        ExitCode.TEMPLATE_NOT_FOUND);
  }

  private static void assertRefused(Function<String, ?> check, String text, ExitCode code) {
    LaminaException e = catchThrowableOfType(LaminaException.class, () -> check.apply(text));
    assertThat(e).as("refusal of %s", Printable.shorten(text, 40)).isNotNull();
    assertThat(e.exitCode()).isEqualTo(code);
    assertThat(e.text()).hasSizeLessThan(200).matches("[^\\p{Cntrl}\\u202E]+");
  }
}
