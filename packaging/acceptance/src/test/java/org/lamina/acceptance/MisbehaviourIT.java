package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/** Containers that do not do what they are asked to, and names in place of numbers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MisbehaviourIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private LaminaHost host;
  private Guest guest;

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @AfterEach
  void destroy() {
    if (!guest.statusLine().contains("deleted")) {
      guest.destroy();
    }
  }

  private Guest create(String... options) {
    guest = Guest.create(host, 401, "debian-12", options);
    return guest;
  }

  /** Puts a shell script in the place of init, while the container is mounted for the host. */
  private void initIs(String script) {
    guest.vzctl("mount").ok();
    guest.edit("rm -f usr/sbin/init; cat > usr/sbin/init; chmod 755 usr/sbin/init", script);
    guest.vzctl("umount").ok();
  }

  @Test
  void whatIgnoresPowerOffIsKilledAfterTheStopTimeout() {
    create().started();
    guest.vzctl("set", "--stop-timeout", "3", "--save").ok();
    guest.sh("systemctl mask poweroff.target").ok();
    CommandResult stop = guest.vzctl("stop").ok();
    assertThat(stop.took()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(6));
    assertThat(stop.stderr()).contains("did not power off within 3 s, killing it");
    assertThat(guest.statusLine()).isEqualTo("CTID 401 exist unmounted down");
  }

  @Test
  void anInitThatIgnoresEverySignalIsKilledInTimeToo() {
    create("--hostname", "deaf");
    initIs("#!/bin/sh\ntrap '' TERM INT HUP PWR USR1 USR2\nwhile :; do sleep 1; done\n");
    guest.vzctl("set", "--stop-timeout", "2", "--save").ok();
    guest.vzctl("start").ok();
    assertThat(guest.text("echo $((6*7))")).isEqualTo("42");
    assertThat(guest.vzctl("stop").ok().took()).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void anInitThatEndsAtOnceIsTold() {
    create();
    initIs("#!/bin/sh\necho cannot go on\nexit 3\n");
    CommandResult start = guest.vzctl("start", "--wait").ended(ExitCode.WAIT_FAILED);
    assertThat(start.stderr())
        .contains("init ended by itself with status 3")
        .contains("vzctl console");
    assertThat(guest.statusLine()).isEqualTo("CTID 401 exist unmounted down");
    assertThat(guest.privateArea().resolve("console.log")).content().contains("cannot go on");
    guest.vzctl("stop").ok();
  }

  @Test
  void anInitThatEndsLaterLeavesItStopped() {
    create();
    initIs("#!/bin/sh\nsleep 1\nexit 0\n");
    guest.vzctl("start").ok();
    Guest.await("it is stopped", SOON, () -> guest.status().equals("stopped"));
    assertThat(guest.statusLine()).isEqualTo("CTID 401 exist unmounted down");
  }

  @Test
  void withoutInitItDoesNotStart() {
    create();
    guest.vzctl("mount").ok();
    guest.edit("rm -f usr/sbin/init usr/lib/systemd/systemd", "");
    guest.vzctl("umount").ok();
    CommandResult start = guest.vzctl("start").ended(ExitCode.BROKEN_TEMPLATE);
    assertThat(start.stderr()).contains("has no init").contains("vzctl mount 401");
    assertThat(guest.statusLine()).isEqualTo("CTID 401 exist unmounted down");
    guest.vzctl("mount").ok();
    guest.edit("ln -s bash usr/sbin/init", "");
    guest.vzctl("umount").ok();
    guest.vzctl("start").ended(ExitCode.BROKEN_TEMPLATE);
  }

  @Test
  void aDisabledContainerIsNotStarted() {
    create();
    guest.vzctl("set", "--disabled", "yes", "--save").ok();
    CommandResult start = guest.vzctl("start").ended(ExitCode.START_DISABLED);
    assertThat(start.stderr()).contains("disabled").contains("--disabled no --save");
    guest.vzctl("restart").ended(ExitCode.START_DISABLED);
    guest.vzctl("start", "--force").ok();
    guest.vzctl("stop", "--fast").ok();
    guest.vzctl("set", "--disabled", "no", "--save").ok();
    guest.vzctl("start").ok();
  }

  @Test
  void theNameWorksWhereverTheNumberDoes() {
    create("--name", "front desk");
    Guest named = new Guest(host, "front desk");
    assertThat(named.statusLine()).isEqualTo("CTID 401 exist unmounted down");
    named.vzctl("mount").ok();
    named.vzctl("umount").ok();
    named.vzctl("start", "--wait").ok();
    assertThat(named.text("echo inside")).isEqualTo("inside");
    named.vzctl("exec", "true").ok();
    named.vzctl("exec3", "true").ok();
    named.vzctl("set", "--ram", "256M", "--save").ok();
    assertThat(host.run("vzlist", "-H", "-o", "ctid,name", "front desk").ok().text())
        .isEqualTo("401 front desk");
    named.vzctl("restart").ok();
    named.vzctl("stop", "--fast").ok();
    named.vzctl("destroy").ok();
    named.vzctl("start").ended(ExitCode.BAD_PARAMETER);
    assertThat(guest.statusLine()).isEqualTo("CTID 401 deleted unmounted down");
  }

  @Test
  void nobodyEntersBeforeTheRootIsItsOwn() {
    create();
    String hostsOwn = host.configDir().toString();
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger entered = new AtomicInteger();
    AtomicInteger leaked = new AtomicInteger();
    List<Thread> impatient = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      impatient.add(
          Thread.ofVirtual()
              .start(() -> {
                while (!over.get()) {
                  CommandResult look = guest.vzctl("exec3", "test", "-d", hostsOwn);
                  entered.addAndGet(look.exit() == 1 ? 1 : 0);
                  leaked.addAndGet(look.exit() == 0 ? 1 : 0);
                  host.run("vzlist", "-a", "-o", "ctid,status,ready");
                }
              }));
    }
    for (int i = 0; i < 10; i++) {
      guest.vzctl("start", "--wait").ok();
      guest.vzctl("stop", "--fast").ok();
    }
    over.set(true);
    impatient.forEach(MisbehaviourIT::join);
    assertThat(leaked).hasValue(0);
    assertThat(entered.get()).isPositive();
  }

  private static void join(Thread thread) {
    try {
      assertThat(thread.join(SOON)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void aScriptInAStoppedContainerDoesNotMakeItRun() throws IOException {
    create();
    Path script = Files.writeString(host.configDir().resolve("long.sh"), "sleep 3; echo done\n");
    RunningCommand run = guest.begin("runscript", script.toString());
    Guest.await(
        "it has begun",
        SOON,
        () -> !host.run("vzlist", "-H", "-o", "operation", "401").ok().text().equals("-"));
    assertThat(guest.statusLine()).doesNotContain("running");
    guest.vzctl("exec2", "true").ended(ExitCode.NOT_RUNNING);
    assertThat(run.finish(SOON).ok().text()).isEqualTo("done");
    assertThat(guest.statusLine()).isEqualTo("CTID 401 exist unmounted down");
  }

  @Test
  void aRebootLoopIsBroken() {
    create();
    initIs("#!/bin/sh\nexec /usr/lib/systemd/systemd-shutdown reboot --log-target console\n");
    guest.vzctl("start").ok();
    Guest.await(
        "it is left stopped",
        Duration.ofSeconds(60),
        () -> {
          String status = guest.status();
          sleep(200);
          return status.equals("stopped") && guest.status().equals("stopped");
        });
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
