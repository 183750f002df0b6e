package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;

/** How commands inside end: by signals, with their client, the container or the daemon. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExecSignalsIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private LaminaHost host;
  private Guest guest;

  @BeforeAll
  void start() {
    host = LaminaHost.start();
    guest = Guest.create(host, 551, "debian-12").started();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @Test
  void aBackgroundChildInsideDoesNotHoldTheCommand() {
    CommandResult result = guest.sh("sleep 60 >/dev/null 2>&1 & echo started").ok();
    assertThat(result.text()).isEqualTo("started");
    assertThat(result.took()).isLessThan(Duration.ofSeconds(5));
    guest.sh("pkill sleep").ok();
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "HUP", "QUIT", "KILL"})
  void aSignalToTheClientEndsTheProcessInside(String signal) {
    RunningCommand client = guest.begin("exec3", "sleep", "4711");
    Guest.await("it runs", SOON, () -> guest.sh("pgrep -fx 'sleep 4711'").exit() == 0);
    RunningCommand.start(
            List.of("/bin/kill", "-" + signal, Long.toString(client.process().pid())), Map.of())
        .finish(SOON)
        .ok();
    CommandResult result = client.finish(SOON);
    assertThat(result.exit()).isGreaterThan(128);
    Guest.await("it ended", SOON, () -> guest.sh("pgrep -fx 'sleep 4711'").exit() != 0);
  }

  @Test
  void aTrapInsideSeesTheSignal() {
    RunningCommand client =
        guest.begin(
            "exec2", "trap 'echo caught; exit 9' TERM; echo ready > /tmp/r; sleep 60 & wait");
    Guest.await("it runs", SOON, () -> guest.sh("test -e /tmp/r").exit() == 0);
    // By its handle: Process.destroy would close the pipes too.
    client.process().toHandle().destroy();
    CommandResult result = client.finish(SOON).ended(9);
    assertThat(result.text()).isEqualTo("caught");
  }

  @Test
  void whatIgnoresTheHangUpIsKilled() {
    RunningCommand client = guest.begin("exec2", "trap '' HUP TERM; sleep 4713; sleep 4713");
    Guest.await("it runs", SOON, () -> guest.sh("pgrep -fx 'sleep 4713'").exit() == 0);
    client.process().destroyForcibly();
    client.finish(SOON);
    Guest.await("it ended", SOON, () -> guest.sh("pgrep -f 'sleep 4713'").exit() != 0);
  }

  @Test
  void aContainerThatStopsEndsItsCommands() {
    Guest other = Guest.create(host, 552, "debian-12").started();
    RunningCommand client = other.begin("exec2", "sleep 60");
    Guest.await("it runs", SOON, () -> other.sh("pgrep sleep").exit() == 0);
    other.vzctl("stop", "--fast").ok();
    assertThat(client.finish(SOON).exit()).isEqualTo(137);
    other.destroy();
  }

  @Test
  void theDaemonMayDieWhileACommandRuns() {
    RunningCommand client = guest.begin("exec2", "echo begun; sleep 1; echo done > /root/outcome");
    Guest.await("it runs", SOON, () -> guest.sh("pgrep -fx 'sleep 1'").exit() == 0);
    host.kill9();
    CommandResult result = client.finish(SOON).ended(ExitCode.SYSTEM);
    assertThat(result.stdout()).isEqualTo("begun\n");
    assertThat(result.stderr()).contains("laminad went away");
    host.startDaemon();
    assertThat(guest.text("echo works")).isEqualTo("works");
  }

  @Test
  void onATerminalTheInsideGetsPipes() {
    try (Terminal terminal = new Terminal(host, 40, 100)) {
      String before = terminal.settings();
      terminal.ask("vzctl exec 551 'tty; test -t 1 || echo no terminal'", "not a tty");
      terminal.await("no terminal").await("host:0> ");
      terminal.ask("vzctl exec2 551 'read a; echo got $a; exit 5'", "\r\n");
      terminal.ask("something", "got something").await("host:5> ");
      terminal.ask("vzctl exec 551 sleep 1004", "\r\n");
      Guest.await("it runs", SOON, () -> guest.sh("pgrep -fx 'sleep 1004'").exit() == 0);
      terminal.type("\u0003");
      terminal.await("host:130> ");
      assertThat(terminal.settings()).isEqualTo(before);
    }
    Guest.await("it ended inside", SOON, () -> guest.sh("pgrep -fx 'sleep 1004'").exit() != 0);
  }
}
