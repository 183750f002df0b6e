package org.lamina.manager.core.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.manager.core.patch.RolloutRequest.Mode;
import org.lamina.schema.Ctid;

/** The daemon ends at every step of a move; the next one finishes or undoes it. */
class PatchKillSweepTest {
  @TempDir Path dir;

  @ParameterizedTest
  @CsvSource({
    "LIVE, false, false",
    "LIVE, true, false",
    "LIVE, true, true",
    "RESTART, true, false",
    "RESTART, true, true"
  })
  void deathAtEveryPoint_leavesNothingHalfDone(Mode mode, boolean runs, boolean ill)
      throws Exception {
    int deaths = 0;
    for (int at = 1; ; at++) {
      World world = new World(Files.createDirectory(dir.resolve("world-" + at)));
      Ctid ctid = world.add(101, runs);
      if (ill) {
        world.ill.add(ctid);
      }
      Points points = new Points(at);
      try {
        new PatchDaemon(world, points).rollout(mode, "100%", 0);
        break;
      } catch (Points.Death e) {
        deaths++;
      }
      PatchDaemon next = new PatchDaemon(world, Points.immortal());
      next.recover();
      check(world, ctid, runs, points.last());
      assertThat(world.containers.find(ctid).orElseThrow().generation())
          .as(points.last())
          .isEqualTo(ill ? 0 : 1);
    }
    assertThat(deaths).isGreaterThanOrEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource({"LIVE, false", "LIVE, true", "RESTART, true"})
  void deathOnTheWayBack_leavesNothingHalfDone(Mode mode, boolean runs) throws Exception {
    int deaths = 0;
    for (int at = 1; ; at++) {
      World world = new World(Files.createDirectory(dir.resolve("world-" + at)));
      Ctid ctid = world.add(101, runs);
      new PatchDaemon(world, Points.immortal()).rollout(mode, "100%", 0);
      Points points = new Points(at);
      try {
        new PatchDaemon(world, points).rollback(mode);
        break;
      } catch (Points.Death e) {
        deaths++;
      }
      new PatchDaemon(world, Points.immortal()).recover();
      check(world, ctid, runs, points.last());
      assertThat(world.containers.find(ctid).orElseThrow().generation()).as(points.last()).isZero();
    }
    assertThat(deaths).isGreaterThanOrEqualTo(8);
  }

  private static void check(World world, Ctid ctid, boolean runs, String death) {
    int generation = world.containers.find(ctid).orElseThrow().generation();
    boolean on = generation == 1;
    assertThat(world.containers.intents()).as(death).isEmpty();
    assertThat(world.mounts).as(death).isEmpty();
    assertThat(world.journals(ctid)).as(death).isEmpty();
    assertThat(world.running.containsKey(ctid)).as(death).isEqualTo(runs);
    assertThat(world.seeNow(ctid, "usr/lib/libssl")).as(death).contains(on ? "3.0.17" : "3.0.11");
    assertThat(world.seeNow(ctid, "etc/passwd"))
        .as(death)
        .contains(on ? "root,alice,mail" : "root,alice");
    assertThat(world.reports.unfinished()).as(death).isEmpty();
    assertThat(world.reports.latest(ctid).map(r -> r.outcome()))
        .as(death)
        .hasValueSatisfying(o -> assertThat(o).isNotEqualTo(Outcome.CHECKING));
  }
}
