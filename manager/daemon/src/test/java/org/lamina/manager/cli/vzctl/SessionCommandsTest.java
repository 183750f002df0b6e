package org.lamina.manager.cli.vzctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.ExitCause;
import org.lamina.manager.cli.FakeContainers;
import org.lamina.manager.cli.FakeRunning;
import org.lamina.manager.cli.FakeTemplates;
import org.lamina.manager.cli.Samples;
import org.lamina.manager.cli.Screen;

class SessionCommandsTest {
  private final FakeContainers containers = new FakeContainers();
  private final FakeRunning running = new FakeRunning();
  private final Vzctl vzctl = new Vzctl(containers, new FakeTemplates(), "0.1.0");
  private final Screen screen = new Screen();

  @BeforeEach
  void oneRunning() {
    containers.views.add(Samples.running(101, "web", "web1"));
    containers.running = running;
  }

  private ExecSpec executed() {
    assertThat(running.executed).hasSize(1);
    return running.executed.getFirst();
  }

  @ParameterizedTest
  @CsvSource({"exec, 0, 0", "exec, 3, 8", "exec, 143, 8", "exec2, 3, 3", "exec3, 143, 143"})
  void exitCodes(String command, int inside, int outside) {
    running.code = inside;
    assertThat(screen.run(vzctl, command, "web", "true")).isEqualTo(outside);
    assertThat(screen.out).isEmpty();
    assertThat(screen.err).isEmpty();
  }

  @Test
  void exec_joinsItsWordsForAShell() {
    screen.run(vzctl, "exec2", "101", "echo", "", "a  b", "$HOME", "--help");
    assertThat(executed().argv()).startsWith("/bin/sh", "-c").endsWith("echo '' a  b $HOME --help");
    assertThat(executed().env())
        .containsEntry("TERM", "linux")
        .containsEntry("HOME", "/root")
        .containsKey("PATH");
  }

  @Test
  void exec3_passesItsWordsAsTheyAre() {
    screen.run(vzctl, "exec3", "101", "printf", "%s", "", "a  b", "-x");
    assertThat(executed().argv()).containsExactly("printf", "%s", "", "a  b", "-x");
  }

  @Test
  void dash_readsCommandsFromStandardInput() {
    screen.run(vzctl, "exec", "101", "-");
    assertThat(executed().argv()).isEqualTo(Shell.reading());
  }

  @Test
  void exec_givesItsCopiesOfTheDescriptorsBack() {
    screen.run(vzctl, "exec", "101", "true");
    assertThat(executed().stdio()).isNotNull();
    assertThat(screen.caller.closed).containsExactly(100, 101, 102);
    assertThat(screen.caller.shown).containsExactly("attach");
  }

  @Test
  void enter_opensATerminalOfTheCallersSize() {
    screen.caller.terminal = true;
    running.code = 5;
    assertThat(screen.run(vzctl, "enter", "web")).isEqualTo(5);
    assertThat(executed().stdio()).isNull();
    assertThat(executed().size()).isEqualTo(new ExecSpec.TerminalSize(50, 132));
    assertThat(executed().env()).containsEntry("TERM", "xterm-256color");
    assertThat(executed().argv()).isEqualTo(Shell.login());
    assertThat(screen.out.toString()).isEqualTo("entered into CT 101\nexited from CT 101\n");
  }

  @Test
  void enter_withoutATerminalUsesTheDescriptors() {
    assertThat(screen.run(vzctl, "enter", "101")).isZero();
    assertThat(executed().stdio()).isNotNull();
    assertThat(screen.caller.shown).containsExactly("attach");
    assertThat(screen.out).isEmpty();
  }

  @Test
  void enterExec_runsACommandAndStays() {
    screen.run(vzctl, "enter", "101", "--exec", "top", "-b");
    assertThat(executed().argv()).isEqualTo(Shell.loginAfter("top -b"));
  }

  @Test
  void runscript_feedsTheFileTheClientOpened() {
    containers.scriptRun = new FakeRunning.Ended(7);
    assertThat(screen.run(vzctl, "runscript", "101", "x.sh")).isEqualTo(7);
    assertThat(containers.script.argv()).isEqualTo(Shell.reading());
    assertThat(screen.caller.closed).containsExactlyInAnyOrder(100, 101, 102, 103);
  }

  @Test
  @Timeout(10)
  void console_survivesAStopAndEndsWithTheCaller() throws InterruptedException {
    Thread command = Thread.ofVirtual().start(() -> screen.run(vzctl, "console", "101"));
    until(() -> screen.caller.consoleSignals != null);
    screen.caller.consoleSignals.accept(9);
    assertThat(executed().argv()).startsWith("/bin/sh", "-c");
    containers.running = null;
    running.exit.complete(new ExitCause(ExitCause.Kind.HALTED, 0));
    until(() -> screen.err.indexOf("waiting for its start") >= 0);
    screen.caller.gone.complete(null);
    command.join();
    assertThat(screen.caller.shown)
        .isEqualTo(List.of("console /run/lamina/ct/101/console.log", "console closed"));
  }

  private static void until(java.util.function.BooleanSupplier done) throws InterruptedException {
    while (!done.getAsBoolean()) {
      Thread.sleep(5);
    }
  }
}
