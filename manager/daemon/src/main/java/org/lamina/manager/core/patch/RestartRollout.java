package org.lamina.manager.core.patch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.Task;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Takes a running container through a roll-out by a restart; the caller holds the lock. */
final class RestartRollout {
  private final Ground ground;
  private final Lifecycle lifecycle;
  private final Health health;
  private final OfflineMove offline;

  RestartRollout(Ground ground, Lifecycle lifecycle, Health health, OfflineMove offline) {
    this.ground = ground;
    this.lifecycle = lifecycle;
    this.health = health;
    this.offline = offline;
  }

  /**
   * @param keep takes a report that a crash must not lose
   */
  ContainerReport move(
      Way way,
      RunningContainer running,
      RolloutRequest request,
      ReportDraft draft,
      Consumer<ContainerReport> keep,
      Task task) {
    draft.way = ReportDraft.RESTART;
    draft.failedBefore = health.failedUnits(running);
    draft.touched = true;
    Container stopped = lifecycle.stop(way.c(), running, task);
    Way offlineWay = new Way(stopped, way.from(), way.to(), way.route(), true);
    Container now = stopped;
    @Nullable RuntimeException failure = null;
    try {
      Moved moved = offline.move(offlineWay, task);
      draft.take(moved);
      now = moved.c();
      keep.accept(draft.end(Outcome.CHECKING, null));
    } catch (RuntimeException e) {
      // it is back on the old generation and must run again before anybody is told
      failure = e;
    }
    if (failure != null) {
      var _ = lifecycle.start(requireBack(way), task);
      throw failure;
    }
    return check(offlineWay, now, null, request, draft, task);
  }

  private Container requireBack(Way way) {
    Container c = ground.store().find(way.c().ctid()).orElse(way.c());
    if (c.generation() != way.from().number()) {
      throw new LaminaException(
          ExitCode.SYSTEM,
          "container " + c.ctid() + " could not be brought back",
          "It is tried again at the next start of the daemon.");
    }
    return c;
  }

  /**
   * Starts it if it does not run, and takes it back if it does not get well.
   *
   * @param already how it runs, or null
   */
  ContainerReport check(
      Way way,
      Container moved,
      @Nullable RunningContainer already,
      RolloutRequest request,
      ReportDraft draft,
      Task task) {
    draft.way = ReportDraft.RESTART;
    @Nullable String worse;
    @Nullable RunningContainer running = already;
    try {
      if (running == null) {
        running = lifecycle.start(moved, task);
      }
      worse = health.ready(running, Duration.ofSeconds(request.readySeconds()), task);
      if (worse == null) {
        worse = health.worse(running, draft.failedBefore, request.health());
      }
    } catch (LaminaException e) {
      worse = e.text();
    }
    if (worse == null) {
      way.journal(ground).delete();
      return draft.end(Outcome.DONE, null);
    }
    Container c = ground.store().find(moved.ctid()).orElse(moved);
    Optional<RunningContainer> alive = ground.runtime().running(c.ctid());
    if (alive.isPresent()) {
      c = lifecycle.stop(c, alive.get(), task);
    }
    Container before = offline.back(c, way.from().number(), way.to().number(), true);
    RunningContainer again = lifecycle.start(before, task);
    @Nullable String stillWorse =
        health.ready(again, Duration.ofSeconds(request.readySeconds()), task);
    if (stillWorse != null) {
      draft.notes.add("back on generation " + way.from().number() + ": " + stillWorse);
    }
    draft.remaining = List.of();
    return draft.end(Outcome.UNDONE, worse);
  }
}
