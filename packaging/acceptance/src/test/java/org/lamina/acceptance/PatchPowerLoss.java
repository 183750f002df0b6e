package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/**
 * The power fails at steps of a roll-out: the file system stops without writing its journal, so
 * that whatever was not made durable is lost, and every process is gone. What is promised is what
 * is promised after a crash of the daemon.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PatchPowerLoss {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** FS_IOC_SHUTDOWN with the flag that keeps even the journal from being written. */
  private static final String POWER_OFF =
      "open my $d, '<', $ARGV[0] or die $!; my $f = pack 'L', 2; ioctl $d, 0x8004587d, $f or die $!";

  private final QuickFamily family;
  private final int firstCtid;
  private final int most;
  private SmallDisk disk;
  private PatchedTemplate template;
  private LaminaHost host;
  private Faults faults;
  private Guest stopped;
  private Guest running;
  private int died;
  private int survived;

  /**
   * @param most how many steps of a command, unless every one is asked for
   */
  PatchPowerLoss(QuickFamily family, int firstCtid, int most) {
    this.family = family;
    this.firstCtid = firstCtid;
    this.most = most;
  }

  @BeforeAll
  void onADiskOfItsOwn() {
    disk = new SmallDisk(1500, 60_000);
    template =
        PatchedTemplate.start(
            family, Map.of("TEMPLATE", "", "STATE_DIR", disk.path().resolve("state").toString()));
    host = template.host();
    faults = Faults.in(host);
    host.restart();
    template.update(1);
    stopped = template.container(firstCtid);
    running = template.container(firstCtid + 1);
    template.update(2);
  }

  @AfterAll
  void nothingIsLeft() {
    try {
      host.close();
    } finally {
      disk.close();
    }
  }

  @Test
  void powerFails_andTheRunGoesOn() {
    String[] forward = {"rollout", template.name(), "--to", "2"};
    String[] back = {"rollback", template.name(), "--to", "1"};
    running.started();
    List<Integer> there = Faults.chosen(traced(forward), most);
    // A way back has steps of its own, not always as many.
    List<Integer> andBack = Faults.chosen(traced(back), most);
    for (int i = 0; i < Math.max(there.size(), andBack.size()); i++) {
      lose(forward, there.get(Math.min(i, there.size() - 1)), 1, 2);
      lose(back, andBack.get(Math.min(i, andBack.size() - 1)), 2, 1);
    }
    assertThat(survived).as("runs that were over before they had to die").isLessThanOrEqualTo(died);
  }

  private List<String> traced(String[] command) {
    faults.arm(0);
    host.run("vzpkg", command).ok();
    return faults.disarm();
  }

  private void lose(String[] command, int step, int from, int to) {
    String when = "after the power failed at step %d of %s".formatted(step, command[0]);
    faults.arm(step);
    RunningCommand moving = host.begin("vzpkg", command);
    boolean dead = host.daemonDiesOf(moving, SOON);
    List<String> steps = faults.disarm();
    when += " (" + steps.getLast() + ")";
    if (!dead && steps.size() < step) {
      // After a boot there may be a mount less to take away than when the steps were counted.
      survived++;
      moving.finish(SOON).ok();
      template.check(stopped, to, when);
      template.check(running, to, when);
      return;
    }
    assertThat(dead).describedAs("%s: the daemon is dead; steps: %s", when, steps).isTrue();
    died++;
    moving.finish(SOON).ended(ExitCode.SYSTEM);
    perl(POWER_OFF, disk.path().toString());
    host.everythingEnds();
    disk.mountAgain();
    host.startDaemon();
    template.awaitRuns(when);
    Guest.await("it is up with the host " + when, SOON, () -> running.initIfAny().isPresent());
    assertThat(template.generation(running))
        .describedAs("all or nobody %s:%n%s", when, host.run("vzpkg", "report").stdout())
        .isEqualTo(template.generation(stopped));
    if (template.generation(stopped) == from) {
      // The running one starts with the host, and is left alone until that is done.
      Guest.await("it is done again " + when, SOON, () -> host.run("vzpkg", command).exit() == 0);
    }
    template.check(stopped, to, when);
    template.check(running, to, when);
    for (Guest guest : List.of(stopped, running)) {
      try (var area = Files.list(guest.privateArea())) {
        assertThat(area.map(Path::getFileName).map(Path::toString))
            .as(when)
            .noneMatch(name -> name.startsWith("undo-"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    assertThat(running.text("systemctl is-system-running --wait")).as(when).isEqualTo("running");
    Leaks.none(host, when);
    System.out.println(when);
  }

  private static void perl(String code, String argument) {
    RunningCommand.start(List.of("perl", "-e", code, argument), Map.of()).finish(SOON).ok();
  }
}
