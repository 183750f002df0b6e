package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.lamina.agent.ExitCause;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/** Start, stop and restart, by command and from inside; two at once; cancelling. */
class ContainerLifeTest extends ContainerServiceCase {
  @Test
  void start_stop_sayWhatVzctlSays() {
    daemon.create(101);
    setLimits(new Limits(null, null, 50.0, 1000, null), true);
    forgetLines();
    daemon.start(101);
    assertThat(lines.said)
        .containsExactly(
            "Starting container...",
            "Container is mounted",
            "Setting CPU units: 1000",
            "Setting CPU limit: 50",
            "Container start in progress...");
    assertThat(host.kernel.specs.get(CTID).limits().cpuUnits()).isEqualTo(1000);
    assertThat(host.kernel.specs.get(CTID).hostname()).isEqualTo("web101");
    assertFails(ExitCode.ALREADY_RUNNING, () -> daemon.start(101));
    assertFails(ExitCode.ALREADY_RUNNING, () -> daemon.destroy(101));

    forgetLines();
    daemon.stop(101);
    assertThat(lines.said)
        .containsExactly(
            "Stopping container ...", "Container was stopped", "Container is unmounted");
    host.assertNothingLeaks();

    forgetLines();
    daemon.stop(101);
    assertThat(lines.said).isEmpty();
    assertThat(lines.warned).containsExactly("Unable to stop: container 101 is not running");
  }

  @Test
  void start_withWait_saysWhenItIsUp_orThatItIsNot() {
    daemon.create(101);
    service.start(CTID, Duration.ofSeconds(5), false, lines);
    assertThat(lines.said).endsWith("Container started successfully");
    daemon.stop(101);

    CompletableFuture<Void> unready =
        CompletableFuture.runAsync(() -> {
          TestHost.eventually("booted", () -> host.kernel.running.containsKey(CTID));
          host.kernel.running.get(CTID).ready = false;
        });
    host.kernel.stubborn.add(CTID);
    LaminaException e =
        catchThrowableOfType(
            LaminaException.class,
            () -> {
              daemon.runtime.kernel.running.clear();
              service.start(CTID, Duration.ofMillis(700), false, unreadyListener());
            });
    unready.join();
    assertThat(e).isNotNull();
    assertThat(e.exitCode()).isEqualTo(ExitCode.WAIT_FAILED);
    assertThat(host.kernel.running).as("it keeps running").containsKey(CTID);
  }

  /** Makes init unready before the wait begins. */
  private Listener unreadyListener() {
    return new Listener() {
      @Override
      public void say(String line) {
        FakeInit init = host.kernel.running.get(CTID);
        if (init != null) {
          init.ready = false;
        }
      }

      @Override
      public void warn(String line) {}

      @Override
      public void report(int percent, String message) {}
    };
  }

  @Test
  void start_whenDisabled_wantsForce() {
    daemon.create(101);
    set(change(null, null, null, null, true), true);
    assertFails(ExitCode.START_DISABLED, () -> daemon.start(101));
    service.start(CTID, null, true, lines);
    assertThat(host.kernel.running).containsKey(CTID);
  }

  @Test
  void start_thatFails_leavesNothing() {
    daemon.create(101);
    daemon.runtime.failures.put(
        "start", new LaminaException(ExitCode.BROKEN_TEMPLATE, "there is no init"));
    assertFails(ExitCode.BROKEN_TEMPLATE, () -> daemon.start(101));
    host.assertNothingLeaks();

    daemon.runtime.failures.clear();
    daemon.start(101);
    assertThat(host.kernel.running).containsKey(CTID);
  }

  @Test
  void start_ofAMountedContainer_mountsItAnew() {
    daemon.create(101);
    service.mount(CTID, lines);
    daemon.start(101);
    assertThat(host.kernel.mounts).isEmpty();
    assertThat(host.kernel.running).containsKey(CTID);
  }

  @Test
  void stop_killsWhatIgnoresThePowerOff() {
    daemon.create(101);
    daemon.start(101);
    host.kernel.stubborn.add(CTID);
    long begin = System.nanoTime();
    daemon.stop(101);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(900));
    assertThat(lines.warned)
        .containsExactly("container 101 did not power off within 1 s, killing it");
    host.assertNothingLeaks();
  }

  @Test
  void stop_fast_doesNotAsk() {
    daemon.create(101);
    daemon.start(101);
    host.kernel.stubborn.add(CTID);
    service.stop(CTID, true, lines);
    assertThat(lines.warned).isEmpty();
    host.assertNothingLeaks();
  }

  @Test
  void stop_thatFails_isNotTriedAgainByTheNextDaemon() {
    daemon.create(101);
    daemon.start(101);
    daemon.runtime.failures.put("powerOff", new LaminaException(ExitCode.SYSTEM, "EIO"));
    assertFails(ExitCode.SYSTEM, () -> daemon.stop(101));
    daemon.life.end();
    host.boot();
    assertThat(host.kernel.running).containsKey(CTID);
    host.assertNothingLeaks();
  }

  @Test
  void restart_worksOnRunningAndStoppedOnes() {
    daemon.create(101);
    forgetLines();
    service.restart(CTID, null, false, false, lines);
    assertThat(lines.said).startsWith("Restarting container", "Starting container...");
    FakeInit first = host.kernel.running.get(CTID);
    service.restart(CTID, null, false, false, lines);
    assertThat(host.kernel.running.get(CTID)).isNotSameAs(first);
    host.assertNothingLeaks();
  }

  @Test
  void poweroffInside_showsAtOnce() {
    daemon.create(101);
    daemon.start(101);
    host.kernel.end(CTID, ExitCause.Kind.HALTED);
    assertThat(service.find("101").status()).isEqualTo(ContainerView.Status.STOPPED);
    TestHost.eventually("swept", () -> host.kernel.traces.isEmpty());
    daemon.start(101);
    assertThat(service.find("101").status()).isEqualTo(ContainerView.Status.RUNNING);
  }

  @Test
  void rebootInside_startsItAgain_butNotForEver() {
    daemon.create(101);
    daemon.start(101);
    for (int i = 0; i < 6; i++) {
      FakeInit init = host.kernel.running.get(CTID);
      init.end(new ExitCause(ExitCause.Kind.REBOOT, 0));
      TestHost.eventually(
          "again",
          () -> host.kernel.running.containsKey(CTID) && host.kernel.running.get(CTID) != init);
      TestHost.eventually("settled", () -> host.store.intents().isEmpty());
    }
    host.kernel.end(CTID, ExitCause.Kind.REBOOT);
    TestHost.eventually("given up", () -> !host.store.find(CTID).orElseThrow().wantsRunning());
    host.assertNothingLeaks();
  }

  @Test
  void twoCommandsOnOneContainer_theSecondIsToldWhoHasIt() {
    daemon.create(101);
    daemon.start(101);
    host.kernel.stubborn.add(CTID);
    CompletableFuture<Void> stopping = CompletableFuture.runAsync(() -> daemon.stop(101));
    TestHost.eventually("stopping", () -> "stopping".equals(service.find("101").operation()));

    LaminaException e = assertFails(ExitCode.LOCKED, () -> daemon.start(101));
    assertThat(e.text()).contains("already locked by \"stop\" (operation ").contains(" since 20");
    assertThat(service.list()).hasSize(1);
    stopping.join();
  }

  @Test
  void cancel_cutsTheWaitShort() {
    daemon.create(101);
    daemon.start(101);
    host.kernel.stubborn.add(CTID);
    Operation operation =
        daemon
            .core
            .operations()
            .submit(
                "stop",
                "101",
                task -> {
                  service.stop(CTID, false, task);
                  return CTID;
                });
    TestHost.eventually("waiting", () -> "stopping".equals(service.find("101").operation()));
    assertThat(daemon.core.operations().cancel(operation.id())).isTrue();
    TestHost.eventually("stopped", () -> host.kernel.running.isEmpty());
  }
}
