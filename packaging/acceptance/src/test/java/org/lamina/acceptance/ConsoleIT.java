package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code vzctl console}, typed on a real terminal. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String ESC = "\u001b";
  private static final String SHELL = "root@web1:~# ";

  private LaminaHost host;
  private Guest guest;
  private Terminal terminal;
  private String before;

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @BeforeEach
  void openTerminal() {
    terminal = new Terminal(host, 40, 100);
    before = terminal.settings();
  }

  @AfterEach
  void closeTerminal() {
    terminal.close();
    guest.destroy();
  }

  private void create(SystemKind kind) {
    guest = kind.create(host, 801, "web1");
  }

  private void logIn() {
    terminal.ask("root", "assword: ").ask("se:cret x", SHELL);
  }

  private void detach() {
    terminal.type("\r");
    Terminal.pause(100);
    terminal.type(ESC + ".");
    terminal.await("Detached from the console").await("host:0> ");
    assertThat(terminal.settings()).isEqualTo(before);
    terminal.ask("echo $((40+3))", "43").await("host:0> ");
  }

  @ParameterizedTest
  @EnumSource
  void itShowsTheBootAndLogsIn(SystemKind kind) {
    create(kind);
    terminal.ask("vzctl console 801", "waiting for its start");
    guest.vzctl("start", "--wait").ok();
    terminal.await(kind.systemd() ? "Reached target" : "Entering runlevel: 2");
    terminal.await("web1 ").await("login: ");
    assertThat(terminal.printed()).doesNotContain("move remaining userspace processes");
    guest.vzctl("set", "--userpasswd", "root:se:cret x").ok();
    terminal.ask("root", "assword: ").ask("wrong", "incorrect").await("login: ");
    logIn();
    terminal.ask("echo on $(tty) as $(id -un)", "on /dev/").await(" as root\r\n").await(SHELL);
    terminal.ask("sleep 1000", "\r\n");
    Guest.await("it runs", SOON, () -> guest.sh("pgrep -fx 'sleep 1000'").exit() == 0);
    terminal.type("\u0003");
    terminal.await(SHELL).ask("echo code $?", "code 130").await(SHELL);
    terminal.ask("exit", "login: ");
    detach();
    assertThat(guest.status()).isEqualTo("running");
  }

  @Test
  void itSurvivesStopAndStart() {
    create(SystemKind.DEBIAN_12);
    guest.started();
    terminal.ask("vzctl console 801", "login: ");
    guest.vzctl("stop").ok();
    terminal.await("waiting for its start");
    guest.started();
    terminal.await("Reached target").await("login: ");
    detach();
  }

  @Test
  void theLogAndTheConsoleOutliveTheDaemon() throws IOException {
    create(SystemKind.DEBIAN_12);
    guest.started();
    guest.vzctl("set", "--userpasswd", "root:se:cret x").ok();
    guest.sh("echo before the crash > /dev/console").ok();
    terminal.ask("vzctl console 801", "before the crash");
    host.kill9();
    terminal.await("laminad went away").await("host:3> ");
    assertThat(terminal.settings()).isEqualTo(before);
    Path log = guest.privateArea().resolve("console.log");
    // Nobody but the logger is there to read this.
    Files.readString(log);
    host.startDaemon();
    guest.sh("echo after the crash > /dev/console").ok();
    terminal
        .ask("vzctl console 801", "before the crash")
        .await("after the crash")
        .ask("", "login: ");
    logIn();
    terminal.ask("exit", "login: ");
    detach();
    assertThat(log).content().contains("Welcome to", "before the crash", "after the crash");
  }

  @Test
  void manyReadOneConsole() {
    create(SystemKind.DEBIAN_12);
    guest.started();
    terminal.ask("vzctl console 801", "login: ");
    try (Terminal second = new Terminal(host, 24, 80)) {
      second.ask("vzctl console 801", "login: ");
      guest.sh("echo to $((20+3)) all > /dev/console").ok();
      terminal.await("to 23 all");
      second.await("to 23 all");
    }
    guest.sh("echo still $((20+4)) here > /dev/console").ok();
    terminal.await("still 24 here");
    detach();
  }

  @Test
  void whatRunsOnItCanBeKilled() {
    create(SystemKind.DEBIAN_12);
    guest.started();
    guest.vzctl("set", "--userpasswd", "root:se:cret x").ok();
    terminal.ask("vzctl console 801", "login: ");
    logIn();
    terminal.ask("trap '' INT QUIT; sleep 1001", "\r\n");
    Guest.await("it runs", SOON, () -> guest.sh("pgrep -fx 'sleep 1001'").exit() == 0);
    terminal.type("\r");
    Terminal.pause(200);
    terminal.type(ESC + "!");
    terminal.await("login: ");
    assertThat(guest.sh("pgrep -fx 'sleep 1001'").exit()).isEqualTo(1);
    detach();
  }

  @Test
  void theLogIsBounded() throws IOException {
    create(SystemKind.DEBIAN_12);
    guest.started();
    terminal.ask("vzctl console 801", "login: ");
    guest
        .sh(
            "for i in $(seq 60000); do echo line $i of a container that talks too much; done"
                + " > /dev/console; echo over $((20+5)) > /dev/console")
        .ok();
    terminal.await("over 25");
    assertThat(terminal.printed()).contains("line 30000 of", "line 59999 of");
    Path log = guest.privateArea().resolve("console.log");
    assertThat(Files.size(log)).isLessThanOrEqualTo(1 << 20);
    assertThat(Files.size(log.resolveSibling("console.log.1"))).isLessThanOrEqualTo(1 << 20);
    try (var files = Files.list(guest.privateArea())) {
      assertThat(files.filter(f -> f.toString().contains("console"))).hasSize(2);
    }
    detach();
  }

  @Test
  void theInsideIsNotHeldUpByNobodyReading() {
    create(SystemKind.DEBIAN_12);
    guest.started();
    host.kill9();
    host.startDaemon();
    assertThat(guest.sh("timeout 20 sh -c 'seq 200000 > /dev/console'").ok().took())
        .isLessThan(Duration.ofSeconds(10));
  }
}
