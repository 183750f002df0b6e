package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.lamina.schema.ExitCode;

/** Containers do not notice what happens to the daemon, and the daemon learns what it missed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DaemonRestartIT {
  private static final String TEMPLATE = "debian-12";
  private static final Duration SOON = Duration.ofSeconds(20);

  private LaminaHost host;
  private Guest guest;

  /** How a daemon can go. */
  enum Way {
    CRASH,
    STOP;

    void takeAway(LaminaHost host) {
      if (this == CRASH) {
        host.kill9();
      } else {
        host.stopDaemon();
      }
    }
  }

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
    guest = Guest.create(host, 401, TEMPLATE).started();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @ParameterizedTest
  @EnumSource
  void containersRunOn(Way way) throws IOException {
    int init = guest.init();
    guest.text(
        "systemd-run --quiet --unit=ticker-%s sh -c 'while sleep 0.1; do echo tick; done >/dev/console'"
            .formatted(way));
    way.takeAway(host);
    assertThat(Path.of("/proc", Integer.toString(init))).exists();
    long before = Files.size(consoleLog());
    Guest.await(
        "the console is logged without a daemon", SOON, () -> size(consoleLog()) > before + 20);

    host.startDaemon();
    assertThat(guest.init()).isEqualTo(init);
    assertThat(guest.statusLine()).isEqualTo("CTID 401 exist mounted running");
    assertThat(guest.text("cat /proc/1/comm")).isEqualTo("systemd");
    assertThat(
            guest.text(
                "systemctl stop ticker-%s; echo over >/dev/console; echo done".formatted(way)))
        .isEqualTo("done");
    Guest.await("the console is logged after it", SOON, () -> console().contains("over"));
    Leaks.none(host, "after the daemon was gone by " + way);
  }

  @Test
  void theConsoleTakesKeysAfterARestart() {
    host.kill9();
    host.startDaemon();
    String typed = "somebody-%d".formatted(System.nanoTime());
    CommandResult console =
        host.run(
            (typed + "\n").getBytes(StandardCharsets.US_ASCII), SOON, "vzctl", "console", "401");
    console.ok();
    Guest.await("what was typed is echoed by the terminal", SOON, () -> console().contains(typed));
  }

  @Test
  void whatEndsWhileTheDaemonIsAwayIsKnownAfterwards() {
    Guest off = Guest.create(host, 402, TEMPLATE).started();
    Guest again = Guest.create(host, 403, TEMPLATE).started();
    Guest killed = Guest.create(host, 404, TEMPLATE).started();
    int firstInit = again.init();
    host.kill9();
    // systemd's signals for power-off and reboot, as the commands inside would have it end
    signal("RTMIN+4", off.init());
    signal("RTMIN+5", again.init());
    signal("KILL", killed.init());
    for (Guest ended : new Guest[] {off, again, killed}) {
      Path status = host.runDir().resolve("ct").resolve(ended.ctid()).resolve("exit");
      Guest.await(
          "the waiter of " + ended.ctid() + " has written", SOON, () -> Files.exists(status));
    }
    host.startDaemon();
    Guest.await("the reboot is carried out", SOON, () -> again.status().equals("running"));
    assertThat(again.init()).isNotEqualTo(firstInit);
    assertThat(again.text("cat /proc/1/comm")).isEqualTo("systemd");
    assertThat(off.statusLine()).isEqualTo("CTID 402 exist unmounted down");
    assertThat(killed.statusLine()).isEqualTo("CTID 404 exist unmounted down");
    assertThat(host.logTail())
        .contains(
            "container 402 ended while the daemon was away: it powered off",
            "container 404 ended while the daemon was away: init was killed");
    Leaks.none(host, "after containers ended without the daemon");
    host.restart();
    assertThat(off.status()).describedAs("a restart starts nobody").isEqualTo("stopped");
    off.destroy();
    again.destroy();
    killed.destroy();
  }

  @Test
  void readyIsHeardWhileTheDaemonIsAway() {
    Guest booting = Guest.create(host, 405, TEMPLATE);
    booting.vzctl("start").ok();
    host.kill9();
    Path ready = host.runDir().resolve("ct").resolve("405");
    Pause.millis(3000);
    host.startDaemon();
    Guest.await(
        "405 is ready, " + ready,
        SOON,
        () -> host.run("vzlist", "-H", "-o", "ready", "405").ok().text().equals("yes"));
    assertThat(booting.text("systemctl is-system-running")).isEqualTo("running");
    booting.destroy();
  }

  @Test
  void aSecondDaemonIsRefused() {
    CommandResult second = host.beginDaemon().finish(SOON).ended(ExitCode.LOCKED);
    assertThat(second.stderr()).contains("another laminad works on " + host.runDir());
    host.run("vzlist").ok();
  }

  @Test
  void theSocketOfADeadDaemonDoesNotMislead() {
    host.kill9();
    assertThat(host.socket()).exists();
    CommandResult refused = host.run("vzlist", "-a").ended(ExitCode.NO_HOST_CONFIG);
    assertThat(refused.stderr()).contains("laminad is not running", "systemctl start laminad");
    host.startDaemon();
    host.run("vzlist", "-a").ok();
  }

  @Test
  void theClientOfAKilledDaemonSaysSo() {
    RunningCommand waiting = guest.begin("exec", "sleep", "30");
    Guest.await(
        "the command runs inside",
        SOON,
        () -> guest.text("pgrep -c sleep || :").compareTo("0") > 0);
    host.kill9();
    CommandResult cut = waiting.finish(SOON).ended(ExitCode.SYSTEM);
    assertThat(cut.stderr())
        .contains("laminad went away before the command had ended", "lamina operations");
    host.startDaemon();
    guest.sh("pkill sleep");
  }

  private Path consoleLog() {
    return guest.privateArea().resolve("console.log");
  }

  private String console() {
    try {
      return Files.readString(consoleLog(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void signal(String name, int pid) {
    RunningCommand.start(List.of("kill", "-s", name, Integer.toString(pid)), Map.of())
        .finish(SOON)
        .ok();
  }
}
