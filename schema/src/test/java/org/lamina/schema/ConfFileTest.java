package org.lamina.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfFileTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "A=1|1",
        "A=\"one two\"|one two",
        "A='single $HOME'|single $HOME",
        "A=\"\"|^^",
        "A=|^^",
        "  A=\"indented\"|indented",
        "A=\"v\"   # why|v",
        "A=\"0:512M\"|0:512M",
        "A=\"/vz/private/$VEID\"|/vz/private/$VEID",
        "A=\"\\\"quoted\\\" \\$(id) \\`id\\` \\\\\"|\"quoted\" $(id) `id` \\",
        "A=\"$(rm -rf /)\"|$(rm -rf /)",
        "A=\"back\\slash\"|back\\slash",
      })
  void parse_takesValuesAsText(String line, String value) {
    ConfFile file = ConfFile.parse(line + "\n");

    assertThat(file.get("A")).hasValue(value);
    assertThat(file.warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "just words",
        "A = 1",
        "A=\"open",
        "A='open",
        "A=\"v\" rm -rf /",
        "A=one two",
        "1A=x",
        "A-B=x",
        "export A=1",
        "$(reboot)"
      })
  void parse_keepsAndNamesWhatItDoesNotUnderstand(String line) {
    ConfFile file = ConfFile.parse("X=\"1\"\n" + line + "\n");

    assertThat(file.get("A")).isEmpty();
    assertThat(file.warnings()).hasSize(1).first().asString().startsWith("line 2: ");
    assertThat(file.render()).contains(line);
  }

  @Test
  void parse_firstOfTwoCounts() {
    ConfFile file = ConfFile.parse("A=1\nA=2\n");

    assertThat(file.get("A")).hasValue("1");
    assertThat(file.warnings()).containsExactly("line 2: A is given again; the first value counts");
  }

  @Test
  void with_keepsOrderCommentsAndForeignLines() {
    ConfFile file = ConfFile.parse("# head\nA=1\n\nodd line\nB='2'\n# tail\n");

    assertThat(file.with("A", "x y").with("C", "new").render())
        .isEqualTo("# head\nA=\"x y\"\n\nodd line\nB='2'\n# tail\nC=\"new\"\n");
    assertThat(file.with("A", null).render()).isEqualTo("# head\n\nodd line\nB='2'\n# tail\n");
    assertThat(file.with("B", "2").render()).isEqualTo(file.render());
  }

  @Test
  void with_reducesRepeatedKeys() {
    assertThat(ConfFile.parse("A=1\nA=2\n").with("A", "3").render()).isEqualTo("A=\"3\"\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "plain",
        "\"",
        "\\",
        "$(id)",
        "`id`",
        "a'b",
        "ünïcode",
        "tab\there",
        "# no comment",
        "\\\"",
        "ends in \\"
      })
  void with_renderAndParse_giveTheSameValue(String value) {
    String text = ConfFile.EMPTY.with("A", value).render();

    assertThat(ConfFile.parse(text).values()).isEqualTo(Map.of("A", value));
    assertThat(text.lines()).hasSize(1);
  }

  @Test
  void render_isHarmlessToAShell() throws Exception {
    Path conf = dir.resolve("x.conf");
    Path proof = dir.resolve("proof");
    String value = "$(touch " + proof + ") `touch " + proof + "` \" ; touch " + proof + " ; \\";
    ConfFile.EMPTY.with("A", value).write(conf, false);

    Process shell =
        new ProcessBuilder("/bin/sh", "-c", ". \"$0\"; printf %s \"$A\"", conf.toString()).start();
    String seen = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(shell.waitFor()).isZero();
    assertThat(seen).isEqualTo(value);
    assertThat(proof).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"two\nlines", "carriage\rreturn", "nul\0", "next\u0085line", "\u2028"})
  void with_refusesLineBreaks(String value) {
    assertThatThrownBy(() -> ConfFile.EMPTY.with("A", value))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_PARAMETER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1A", "A B", "A=B", "A\nB", "Ä"})
  void with_refusesBadKeys(String key) {
    assertThatThrownBy(() -> ConfFile.EMPTY.with(key, "x")).isInstanceOf(LaminaException.class);
  }

  @Test
  void write_replacesAtomicallyThroughALink_keepingTheMode() throws IOException {
    Path real = Files.writeString(dir.resolve("real.conf"), "A=1\n");
    Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-------"));
    Path link = Files.createSymbolicLink(dir.resolve("link.conf"), Path.of("real.conf"));

    ConfFile.read(link).with("A", "2").write(link, true);

    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(real).hasContent("A=\"2\"\n");
    assertThat(Files.getPosixFilePermissions(real))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    try (var names = Files.list(dir)) {
      assertThat(names).containsExactlyInAnyOrder(real, link);
    }
  }

  @Test
  void read_refusesWhatIsNoText() throws IOException {
    Path binary = Files.write(dir.resolve("b.conf"), new byte[] {'A', '=', (byte) 0xff, '\n'});
    Path huge = Files.write(dir.resolve("h.conf"), new byte[ConfFile.MAX_BYTES + 1]);

    for (Path file : new Path[] {binary, huge}) {
      assertThatThrownBy(() -> ConfFile.read(file))
          .isInstanceOfSatisfying(
              LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_CONFIG));
    }
  }
}
