package org.lamina.manager.core.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.patch.RolloutRequest.Mode;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;

class RolloutTest {
  @TempDir Path dir;
  private World world;
  private PatchDaemon daemon;

  @BeforeEach
  void host() {
    world = new World(dir);
    daemon = new PatchDaemon(world, Points.immortal());
  }

  private ContainerReport report(RunReport run, Ctid ctid) {
    return run.containers().stream()
        .filter(c -> c.ctid() == ctid.value())
        .findFirst()
        .orElseThrow();
  }

  private void assertOn(Ctid ctid, int generation) {
    assertThat(world.containers.find(ctid).orElseThrow().generation()).isEqualTo(generation);
    assertThat(world.seeNow(ctid, "usr/lib/libssl"))
        .contains(generation == 1 ? "3.0.17" : "3.0.11");
    assertThat(world.seeNow(ctid, "etc/passwd"))
        .contains(generation == 1 ? "root,alice,mail" : "root,alice");
    assertThat(world.containers.intents()).isEmpty();
    assertThat(world.mounts).isEmpty();
    assertThat(world.journals(ctid)).isEmpty();
  }

  @Test
  void stopped_isMergedAtRest() {
    Ctid ctid = world.add(101, false);
    RunReport run = daemon.rollout(Mode.LIVE, "100%", 0);
    assertThat(report(run, ctid).outcome()).isEqualTo(Outcome.DONE);
    assertThat(report(run, ctid).way()).isEqualTo("stopped");
    assertOn(ctid, 1);
    assertThat(world.running).isEmpty();
  }

  @Test
  void running_isExchangedLiveAndItsServiceRestarted() {
    Ctid ctid = world.add(101, true);
    RunReport run = daemon.rollout(Mode.LIVE, "100%", 0);
    ContainerReport r = report(run, ctid);
    assertThat(r.outcome()).isEqualTo(Outcome.DONE);
    assertThat(r.readOnlyMicros()).isEqualTo(3000);
    assertThat(r.restarted()).containsExactly("web.service");
    assertThat(r.reexecuted()).containsExactly("init.scope");
    assertThat(r.stale()).extracting(StaleProcess::name).containsExactly("dbus-daemon");
    assertOn(ctid, 1);
    assertThat(world.events)
        .containsExactly("re-execute init in 101", "restart web.service in 101");
    assertThat(PatchKeys.mounted(world.containers.find(ctid).orElseThrow())).contains(0);
  }

  @Test
  void whatIsBooting_isExchangedWhenItIsUp() {
    Ctid ctid = world.add(101, true);
    world.booting.add(ctid);
    world.writing.add(ctid);
    assertThat(report(daemon.rollout(Mode.LIVE, "100%", 0), ctid).outcome())
        .isEqualTo(Outcome.DONE);
    assertOn(ctid, 1);
  }

  @Test
  void initThatDoesNotExecuteItselfAnew_isNamed() {
    Ctid ctid = world.add(101, true);
    daemon.deafInit = true;
    ContainerReport r = report(daemon.rollout(Mode.LIVE, "100%", 0), ctid);
    assertThat(r.outcome()).isEqualTo(Outcome.DONE);
    assertThat(r.reexecuted()).isEmpty();
    assertThat(r.stale()).extracting(StaleProcess::name).containsExactly("systemd", "dbus-daemon");
    assertThat(r.notes()).contains("systemctl daemon-reexec answered 1");
  }

  @Test
  void workThatWouldBeDoneAgain_isLeftToEnd() {
    Ctid ctid = world.add(101, true);
    daemon.shown = "Id=web.service\nType=oneshot\nTransient=no\n";
    ContainerReport r = report(daemon.rollout(Mode.LIVE, "100%", 0), ctid);
    assertThat(r.restarted()).isEmpty();
    assertThat(r.notes()).anyMatch(n -> n.contains("left to end by itself"));
    assertThat(r.stale()).extracting(StaleProcess::name).contains("web");
  }

  @Test
  void restart_stopsMovesAndStarts() {
    Ctid ctid = world.add(101, true);
    RunReport run = daemon.rollout(Mode.RESTART, "100%", 0);
    assertThat(report(run, ctid).outcome()).isEqualTo(Outcome.DONE);
    assertOn(ctid, 1);
    assertThat(world.events).containsExactly("stop 101", "start 101 on 1");
  }

  @Test
  void nextStart_waitsAndMovesThen() {
    Ctid ctid = world.add(101, true);
    RunReport run = daemon.rollout(Mode.NEXT_START, "100%", 0);
    assertThat(report(run, ctid).outcome()).isEqualTo(Outcome.PENDING);
    assertOn(ctid, 0);
    world.end(ctid);
    var c = daemon.patching.beforeStart(world.containers.find(ctid).orElseThrow(), Listener.SILENT);
    assertThat(c.generation()).isEqualTo(1);
    assertThat(PatchKeys.next(c)).isEmpty();
    world.containers.clear(ctid); // the intent says that it is to run, which the start replaces
    assertOn(ctid, 1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"LIVE", "RESTART"})
  void unwell_goesBackByItself(Mode mode) {
    Ctid ctid = world.add(101, true);
    world.ill.add(ctid);
    RunReport run = daemon.rollout(mode, "100%", 0);
    assertThat(report(run, ctid).outcome()).isEqualTo(Outcome.UNDONE);
    assertThat(report(run, ctid).error()).contains("no answer on port 80");
    assertOn(ctid, 0);
    assertThat(world.running).containsKey(ctid);
  }

  @Test
  void openForWriting_isPendingAndUntouched() {
    Ctid ctid = world.add(101, true);
    world.writing.add(ctid);
    RunReport run = daemon.rollout(Mode.LIVE, "100%", 0);
    assertThat(report(run, ctid).outcome()).isEqualTo(Outcome.PENDING);
    assertThat(report(run, ctid).error()).contains("open for writing");
    assertOn(ctid, 0);
  }

  @Test
  void packageManagerAtWork_isPending() {
    Ctid ctid = world.add(101, true);
    daemon.packagesLocked = true;
    assertThat(report(daemon.rollout(Mode.LIVE, "100%", 0), ctid).outcome())
        .isEqualTo(Outcome.PENDING);
    assertOn(ctid, 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void needOfADecision_isReportedAndNothingMoves(boolean runs) {
    Ctid ctid = world.add(101, runs);
    daemon.blocked = true;
    assertThat(report(daemon.rollout(Mode.LIVE, "100%", 0), ctid).outcome())
        .isEqualTo(Outcome.VULNERABLE);
    assertOn(ctid, 0);
  }

  @Test
  void restartOfWhatMayNotMove_runsAgain() {
    Ctid ctid = world.add(101, true);
    daemon.blocked = true;
    assertThat(report(daemon.rollout(Mode.RESTART, "100%", 0), ctid).outcome())
        .isEqualTo(Outcome.VULNERABLE);
    assertOn(ctid, 0);
    assertThat(world.running).containsKey(ctid);
  }

  @Test
  void pinned_staysAndIsBehind() {
    Ctid ctid = world.add(101, false);
    daemon.service.pin(ctid, true, Listener.SILENT);
    RunReport run = daemon.rollout(Mode.LIVE, "100%", 0);
    assertThat(report(run, ctid).outcome()).isEqualTo(Outcome.PINNED);
    assertThat(report(run, ctid).remaining()).hasSize(1);
    assertOn(ctid, 0);
    assertThat(daemon.service.status("debian-12").behind()).isTrue();
    daemon.service.pin(ctid, false, Listener.SILENT);
    daemon.rollout(Mode.LIVE, "100%", 0);
    assertOn(ctid, 1);
    assertThat(daemon.service.status("debian-12").behind()).isFalse();
  }

  @Test
  void tooManyFailures_stopBeforeTheNextWave() {
    for (int n = 101; n <= 110; n++) {
      world.ill.add(world.add(n, true));
    }
    RunReport run = daemon.rollout(Mode.LIVE, "1,50%,100%", 1);
    assertThat(run.run().state()).isEqualTo(Run.State.STOPPED);
    assertThat(run.count(Outcome.UNDONE)).isEqualTo(5);
    assertThat(run.count(Outcome.UNTRIED)).isEqualTo(5);
    world.running.keySet().forEach(ctid -> assertOn(ctid, 0));
  }

  @Test
  void lockedByAnother_isPending() {
    Ctid ctid = world.add(101, false);
    try (var held = daemon.locks.acquire(ctid, "stop", 3)) {
      assertThat(report(daemon.rollout(Mode.LIVE, "100%", 0), ctid).error())
          .contains("already locked by \"stop\"");
    }
    assertOn(ctid, 0);
  }

  @Test
  void rollback_goesTheSameWayBack() {
    Ctid ctid = world.add(101, false);
    Ctid live = world.add(102, true);
    daemon.rollout(Mode.LIVE, "100%", 0);
    RunReport run = daemon.service.rollback(RolloutRequest.of("debian-12"), Listener.SILENT);
    assertThat(run.count(Outcome.DONE)).isEqualTo(2);
    assertOn(ctid, 0);
    assertOn(live, 0);
    assertThatThrownBy(
            () -> daemon.service.rollback(RolloutRequest.of("debian-12"), Listener.SILENT))
        .isInstanceOf(LaminaException.class)
        .hasMessageContaining("no generation before 0");
  }

  @Test
  void twoOnOneTemplate_excludeEachOther() {
    Turns turns = new Turns();
    try (Turns.Turn first = turns.take("debian-12", "rollout", 17)) {
      assertThatThrownBy(() -> turns.take("debian-12", "gc", 18))
          .isInstanceOf(LaminaException.class)
          .hasMessageContaining("\"rollout\" (operation 17)");
      turns.take("debian-13", "gc", 18).close();
    }
    turns.take("debian-12", "gc", 19).close();
  }

  @Test
  void wavesAreCountedFromTheFirst() {
    List<Integer> all = java.util.stream.IntStream.range(0, 100).boxed().toList();
    assertThat(Waves.parse("1,10%,100%").split(all).stream().map(List::size))
        .containsExactly(1, 9, 90);
    assertThat(Waves.parse("5").split(all).stream().map(List::size)).containsExactly(5, 95);
    assertThat(Waves.parse("200").split(all)).hasSize(1);
    assertThat(Waves.DEFAULT.split(List.of())).isEmpty();
    assertThatThrownBy(() -> Waves.parse("1,0%")).hasMessageContaining("--waves");
    assertThatThrownBy(() -> Waves.parse("101%")).hasMessageContaining("--waves");
  }

  @Test
  void garbage_isWhatNobodyNeedsOrBuildsOn() {
    List<Generation> chain =
        java.util.stream.IntStream.range(0, 5).mapToObj(World::generation).toList();
    assertThat(Garbage.of(chain, Set.of())).isEmpty();
    Generation whole =
        new Generation(
            "debian-12",
            5,
            Path.of("/template/debian-12/5"),
            List.of(Path.of("/template/debian-12/5/fs")),
            List.of("usr"),
            CgroupVersion.V2,
            java.time.Instant.EPOCH,
            1,
            1);
    Generation next =
        new Generation(
            "debian-12",
            6,
            Path.of("/template/debian-12/6"),
            List.of(Path.of("/template/debian-12/6/fs"), whole.layers().getFirst()),
            List.of("usr"),
            CgroupVersion.V2,
            java.time.Instant.EPOCH,
            1,
            1);
    List<Generation> all = new java.util.ArrayList<>(chain);
    all.add(whole);
    all.add(next);
    assertThat(Garbage.of(all, Set.of(1)).stream().map(Generation::number))
        .containsExactly(2, 3, 4);
    assertThat(Garbage.inside(all, Set.of(1)).stream().map(Generation::number)).containsExactly(0);
    assertThat(Garbage.inside(chain, Set.of()).stream().map(Generation::number))
        .containsExactly(0, 1, 2);
  }
}
