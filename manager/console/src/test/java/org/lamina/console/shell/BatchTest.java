package org.lamina.console.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Source;
import org.lamina.console.view.Screen;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.springframework.shell.core.InputReader;
import org.springframework.shell.core.command.CommandRegistry;

class BatchTest {
  @TempDir Path directory;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Surroundings surroundings =
      new Surroundings(Screen.plain(new PrintWriter(err)), false);

  /** Says its operands and exits with the number that is the first. */
  private final class Say extends ConsoleCommand {
    Say() {
      super(
          CommandSpec.of(CommandSpec.Group.CONSOLE, "say", "say")
              .operands("[WORD...]", 0, 9, Source.NOTHING),
          surroundings);
    }

    @Override
    protected int run(CommandCall call) {
      List<String> words = call.in().operands();
      call.line(String.join("|", words));
      return switch (words.getFirst()) {
        case "throw" ->
            throw new LaminaException(ExitCode.LOCKED, "locked by somebody", "Wait a moment.");
        case "break" -> throw new IllegalStateException("a defect");
        case "upgrade" -> throw new NoClassDefFoundError("org/lamina/console/Gone");
        case "14" -> 14;
        default -> 0;
      };
    }
  }

  private Batch batch() {
    CommandRegistry registry = new CommandRegistry(new LinkedHashSet<>(List.of(new Say())));
    LineRunner runner =
        new LineRunner(new ConsoleParser(registry), registry, surroundings.screen());
    return new Batch(runner, new PrintWriter(out), new InputReader() {});
  }

  @Test
  void everyKindOfFailureHasItsCode() {
    assertThat(batch().lines(List.of("say hello 'two words'"))).isZero();
    assertThat(batch().lines(List.of("say 14"))).isEqualTo(14);
    assertThat(batch().lines(List.of("say throw"))).isEqualTo(9);
    assertThat(batch().lines(List.of("say break"))).isEqualTo(3);
    assertThat(batch().lines(List.of("say upgrade"))).isEqualTo(3);
    // the shell's own runner exits with 0 after these
    assertThat(batch().lines(List.of("say --no-such"))).isEqualTo(21);
    assertThat(batch().lines(List.of("no such command"))).isEqualTo(20);
    assertThat(batch().lines(List.of("say 'open"))).isEqualTo(20);
    assertThat(out.toString()).startsWith("hello|two words\n14\n");
    assertThat(err.toString())
        .startsWith("locked by somebody\nWait a moment.\n")
        .contains("the console failed: java.lang.IllegalStateException: a defect\n")
        .contains("leave and start lamina again")
        .doesNotContain("\tat ");
  }

  @Test
  void theFirstFailureEndsAScriptAndSaysWhere() throws IOException {
    Path script = directory.resolve("change");
    Files.writeString(script, "# a comment\n\n  say one\nsay throw\nsay never\n");
    assertThat(batch().file(script.toString(), System.in)).isEqualTo(9);
    assertThat(out.toString()).isEqualTo("one\nthrow\n");
    assertThat(err.toString()).startsWith(script + ":4: locked by somebody\n");
  }

  @Test
  void standardInputIsAScriptToo() {
    byte[] lines = "say one\nexit\nsay never\n".getBytes(StandardCharsets.UTF_8);
    assertThat(batch().file("-", new ByteArrayInputStream(lines))).isZero();
    assertThat(out.toString()).isEqualTo("one\n");
  }

  @Test
  void aScriptThatIsNotThere() {
    assertThatThrownBy(() -> batch().file(directory.resolve("gone").toString(), System.in))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> {
              assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_PARAMETER);
              assertThat(e.text()).endsWith("there is no such file");
            });
  }
}
