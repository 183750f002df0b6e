package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/**
 * Kills the daemon at moments spread over the whole of each operation, others at each turn as those
 * of {@link Faults#chosen}. What is promised: a create that was not over is undone, a start is kept
 * or undone, a stop and a destroy that began are finished; a command that reported success stays
 * done; the same command then works; nothing leaks.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KillSweepIT {
  private static final String TEMPLATE = "debian-12";
  private static final String CTID = "301";
  private static final int MOMENTS = 8;
  private static final int TURNS = 3;
  private static final Duration SOON = Duration.ofSeconds(20);

  private LaminaHost host;

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
    host.ensureTemplate(TEMPLATE);
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @BeforeEach
  void noContainer() {
    if (Leaks.listed(host).containsKey(CTID)) {
      vzctl("stop", "--fast");
      vzctl("destroy");
    }
  }

  @Test
  void createIsDoneOrUndone() {
    String[] create = {"create", CTID, "--ostemplate", TEMPLATE, "--name", "swept"};
    for (long moment : moments(create, "destroy")) {
      CommandResult cut = killedAt(moment, create);
      boolean there = Leaks.listed(host).containsKey(CTID);
      if (cut.exit() == 0) {
        assertThat(there).describedAs("created, then killed at %d ms", moment).isTrue();
      }
      host.run("vzctl", create).ended(there ? ExitCode.PRIVATE_EXISTS : ExitCode.OK);
      if (moment % 3 == 0) {
        vzctl("start");
        vzctl("stop", "--fast");
      }
      Leaks.none(host, "after create was killed at " + moment + " ms");
      vzctl("destroy");
    }
  }

  @Test
  void startIsKeptOrUndone() {
    host.run("vzctl", "create", CTID, "--ostemplate", TEMPLATE).ok();
    for (long moment : moments(new String[] {"start", CTID}, "stop", "--fast")) {
      CommandResult cut = killedAt(moment, "start", CTID);
      boolean runs = "running".equals(Leaks.listed(host).get(CTID));
      if (cut.exit() == 0) {
        assertThat(runs).describedAs("started, then killed at %d ms", moment).isTrue();
      }
      Leaks.none(host, "after start was killed at " + moment + " ms");
      host.run("vzctl", "start", CTID).ended(runs ? ExitCode.ALREADY_RUNNING : ExitCode.OK);
      assertThat(host.run("vzctl", "exec", CTID, "cat", "/proc/1/comm").ok().text())
          .isEqualTo("systemd");
      vzctl("stop", "--fast");
      Leaks.none(host, "after start was killed at " + moment + " ms and the container stopped");
    }
  }

  @Test
  void stopIsFinished() {
    vzctl("create", "--ostemplate", TEMPLATE);
    vzctl("start", "--wait");
    String[] stop = {"stop", CTID};
    for (long moment : moments(stop, "start", "--wait")) {
      CommandResult cut = killedAt(moment, stop);
      if (cut.stdout().contains("Stopping")) {
        Guest.await(
            "the stop that was killed at " + moment + " ms is finished",
            SOON,
            () -> "stopped".equals(Leaks.listed(host).get(CTID)));
      }
      vzctl("stop");
      Leaks.none(host, "after stop was killed at " + moment + " ms");
      vzctl("start", "--wait");
      assertThat(host.run("vzctl", "exec", CTID, "systemctl", "is-system-running").text())
          .isEqualTo("running");
    }
  }

  @Test
  void destroyIsFinished() {
    String[] destroy = {"destroy", CTID};
    String[] create = {"--ostemplate", TEMPLATE};
    vzctl("create", create);
    for (long moment : moments(destroy, "create", create)) {
      CommandResult cut = killedAt(moment, destroy);
      boolean there = Leaks.listed(host).containsKey(CTID);
      if (cut.stdout().contains("Destroying")) {
        assertThat(there).describedAs("destroyed, killed at %d ms", moment).isFalse();
      }
      host.run("vzctl", destroy).ended(there ? ExitCode.OK : ExitCode.NO_CONTAINER_CONFIG);
      Leaks.none(host, "after destroy was killed at " + moment + " ms");
      vzctl("create", create);
    }
  }

  @Test
  void aTemplateBuildIsUndone() {
    try (LaminaHost own = LaminaHost.start(TemplateRemains.OWN_TEMPLATES)) {
      TemplateRemains.defineTiny(own);
      for (long moment : new long[] {700, 4000}) {
        RunningCommand build = own.begin("vzpkg", "create", "cache", "tiny");
        Pause.millis(moment);
        own.kill9();
        build.finish(SOON).ended(ExitCode.SYSTEM);
        own.startDaemon();
        assertThat(own.run("vzpkg", "info", "tiny", "built").ok().text()).isEqualTo("no");
        assertThat(TemplateRemains.of(own.stateDir().resolve("template")))
            .describedAs("killed at %d ms", moment)
            .isEmpty();
      }
      own.run(new byte[0], Duration.ofMinutes(3), "vzpkg", "create", "cache", "tiny").ok();
      own.run("vzctl", "create", CTID, "--ostemplate", "tiny").ok();
      own.run("vzctl", "start", CTID, "--wait").ok();
    }
  }

  /** Kills the daemon that long after the command began, and starts it again. */
  private CommandResult killedAt(long millis, String... command) {
    RunningCommand running = host.begin("vzctl", command);
    Pause.millis(millis);
    host.kill9();
    CommandResult result = running.finish(SOON);
    assertThat(result.exit())
        .describedAs("%s", result)
        .isIn(0, ExitCode.SYSTEM.code(), ExitCode.NO_HOST_CONFIG.code());
    if (result.exit() != 0) {
      assertThat(result.stderr()).describedAs("what the client says").contains("laminad");
    }
    host.startDaemon();
    return result;
  }

  /** From the beginning to a little after the end of the operation, measured with its undoing. */
  private List<Long> moments(String[] command, String undo, String... options) {
    long[] took = new long[4];
    for (int i = 0; i < took.length; i++) {
      took[i] = host.run("vzctl", command).ok().took().toMillis();
      vzctl(undo, options);
    }
    Arrays.sort(took);
    long whole = Math.max(took[took.length / 2], MOMENTS) * 5 / 4;
    List<Long> moments = new ArrayList<>();
    int turn = Faults.turn();
    for (int i = 0; i < MOMENTS; i++) {
      moments.add(whole * (i * TURNS + Math.floorMod(turn, TURNS)) / (MOMENTS * TURNS - 1));
    }
    System.out.printf(
        "vzctl %s takes %d ms, killed at %s ms, -Dlamina.sweep=%d%n",
        command[0], whole, moments, turn);
    return moments;
  }

  private void vzctl(String command, String... options) {
    List<String> words = new ArrayList<>(List.of(command, CTID));
    words.addAll(List.of(options));
    host.run("vzctl", words.toArray(String[]::new)).ok();
  }
}
