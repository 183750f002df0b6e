package org.lamina.manager.core.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.Locks;
import org.lamina.manager.core.Task;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;
import org.lamina.templates.patch.ContainerPlan;
import org.lamina.templates.patch.PlanClass;
import org.lamina.templates.patch.Remaining;

/** Takes one container through a roll-out, and back where it does not get well. */
final class ContainerRollout {
  private static final String STOPPED = "stopped";
  private static final String LIVE = "live";
  private static final String RESTART = "restart";

  private final Ground ground;
  private final Locks locks;
  private final Lifecycle lifecycle;
  private final Guests guests;
  private final OfflineMove offline;
  private final LiveMove live;
  private final Health health;
  private final ServiceRestart services;

  ContainerRollout(
      Ground ground, Locks locks, Lifecycle lifecycle, Guests guests, OfflineMove offline) {
    this.ground = ground;
    this.locks = locks;
    this.lifecycle = lifecycle;
    this.guests = guests;
    this.offline = offline;
    this.live = new LiveMove(ground, guests);
    this.health = new Health(guests);
    this.services = new ServiceRestart(guests);
  }

  LiveMove live() {
    return live;
  }

  /**
   * Never throws: whatever happens is told by the report.
   *
   * @param routes from where the container is
   * @param earlier what an interrupted run says of it, or null
   * @param resumed the run was interrupted: what it moved may not be known to be well
   * @param keep takes a report that a crash must not lose
   */
  ContainerReport one(
      Ctid ctid,
      Routes routes,
      RolloutRequest request,
      @Nullable ContainerReport earlier,
      boolean resumed,
      Consumer<ContainerReport> keep,
      Task task) {
    long begun = System.nanoTime();
    Draft draft = new Draft(ctid, routes.to().number());
    try (Locks.Held held = locks.acquire(ctid, "rollout", task.id())) {
      Optional<Container> known = ground.store().find(ctid);
      if (known.isEmpty()) {
        return draft.end(Outcome.CURRENT, "it was destroyed meanwhile", begun);
      }
      draft.from = known.get().generation();
      if (known.get().generation() == routes.to().number()) {
        Optional<Integer> from = UndoJournal.unproven(ground.area(ctid), routes.to().number());
        if (from.isPresent() && resumed) {
          draft.from = from.get();
          return recheck(known.get(), routes, earlier, request, draft, task, begun);
        }
      }
      return go(known.get(), routes, request, draft, keep, task, begun);
    } catch (Pending e) {
      return draft.end(Outcome.PENDING, e.why(), begun);
    } catch (Blocked e) {
      draft.take(e.plan());
      return draft.end(Outcome.VULNERABLE, "it was not moved: a decision is needed first", begun);
    } catch (LaminaException e) {
      Outcome outcome =
          e.exitCode() == ExitCode.LOCKED && !draft.touched
              ? Outcome.PENDING
              : draft.touched ? settled(ctid, draft) : Outcome.UNDONE;
      return draft.end(outcome, e.text(), begun);
    } catch (RuntimeException e) {
      return draft.end(settled(ctid, draft), String.valueOf(e.getMessage()), begun);
    }
  }

  /** After a failure: back, or stuck with its intent. */
  private Outcome settled(Ctid ctid, Draft draft) {
    boolean stuck =
        ground.store().intents().stream().anyMatch(i -> i.ctid().equals(ctid))
            || ground.store().find(ctid).map(c -> c.generation() != draft.from).orElse(false);
    return stuck ? Outcome.FAILED : Outcome.UNDONE;
  }

  private ContainerReport go(
      Container c,
      Routes routes,
      RolloutRequest request,
      Draft draft,
      Consumer<ContainerReport> keep,
      Task task,
      long begun) {
    Generation to = routes.to();
    if (c.generation() == to.number()) {
      if (PatchKeys.next(c).isPresent()) {
        ground.store().save(Marks.arrived(c, to.number()));
      }
      return draft.end(Outcome.CURRENT, null, begun);
    }
    Generation from = routes.from(c);
    if (PatchKeys.pinned(c)) {
      draft.take(routes.pinned(c, ground.delta(c.ctid())));
      return draft.end(Outcome.PINNED, null, begun);
    }
    Optional<RunningContainer> running = ground.runtime().running(c.ctid());
    boolean restart = request.mode() == RolloutRequest.Mode.RESTART;
    Way way = new Way(c, from, to, routes.route(from), running.isPresent() && restart);
    if (running.isEmpty()) {
      draft.way = STOPPED;
      draft.touched = true;
      draft.take(offline.move(way, task));
      way.journal(ground).delete();
      return draft.end(Outcome.DONE, null, begun);
    }
    return switch (request.mode()) {
      case NEXT_START -> {
        ground.store().save(Marks.waiting(c, to.number()));
        ground.writeConf(Marks.waiting(c, to.number()), task);
        yield draft.end(Outcome.PENDING, "it moves at its next start", begun);
      }
      case LIVE -> live(way, running.get(), request, draft, begun, task);
      case RESTART -> restart(way, running.get(), request, draft, keep, begun, task);
    };
  }

  private ContainerReport live(
      Way way,
      RunningContainer running,
      RolloutRequest request,
      Draft draft,
      long begun,
      Task task) {
    draft.way = LIVE;
    Moved moved;
    try {
      moved = live.move(way, running, task);
    } catch (LaminaException e) {
      draft.touched = true;
      throw e;
    }
    draft.touched = true;
    draft.take(moved);
    List<StaleProcess> stale = guests.stale(running, way.route().diff());
    Set<String> units =
        request.services() == RolloutRequest.Services.AUTO ? ServiceRestart.units(stale) : Set.of();
    // The exchange itself starts and stops nothing, so what fails from here on is compared.
    Optional<Set<String>> failedBefore =
        units.isEmpty() ? Optional.empty() : health.failedUnits(running);
    draft.restarted = services.restart(running, units, draft.notes);
    @Nullable String worse = health.worse(running, failedBefore, request.health());
    if (worse != null) {
      var _ = live.back(moved.c(), way.from(), way.to().number(), running);
      var _ = services.restart(running, units, draft.notes);
      draft.remaining = List.of();
      return draft.end(Outcome.UNDONE, worse, begun);
    }
    way.journal(ground).delete();
    draft.stale = units.isEmpty() ? stale : guests.stale(running, way.route().diff());
    return draft.end(Outcome.DONE, null, begun);
  }

  private ContainerReport restart(
      Way way,
      RunningContainer running,
      RolloutRequest request,
      Draft draft,
      Consumer<ContainerReport> keep,
      long begun,
      Task task) {
    draft.way = RESTART;
    Optional<Set<String>> failedBefore = health.failedUnits(running);
    draft.failedBefore = failedBefore;
    draft.touched = true;
    Container stopped = lifecycle.stop(way.c(), running, task);
    Way offlineWay = new Way(stopped, way.from(), way.to(), way.route(), true);
    Container now = stopped;
    @Nullable RuntimeException failure = null;
    try {
      Moved moved = offline.move(offlineWay, task);
      draft.take(moved);
      now = moved.c();
      keep.accept(draft.end(Outcome.CHECKING, null, begun));
    } catch (RuntimeException e) {
      // it is back on the old generation and must run again before anybody is told
      failure = e;
    }
    if (failure != null) {
      var _ = lifecycle.start(requireBack(way), task);
      throw failure;
    }
    return check(offlineWay, now, null, request, draft, begun, task);
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

  /** Starts it if it does not run, and takes it back if it does not get well. */
  private ContainerReport check(
      Way way,
      Container moved,
      @Nullable RunningContainer already,
      RolloutRequest request,
      Draft draft,
      long begun,
      Task task) {
    @Nullable String worse;
    @Nullable RunningContainer running = already;
    try {
      if (running == null) {
        running = lifecycle.start(moved, task);
      }
      worse = health.ready(running, request.readySeconds(), task);
      if (worse == null) {
        worse = health.worse(running, draft.failedBefore, request.health());
      }
    } catch (LaminaException e) {
      worse = e.text();
    }
    if (worse == null) {
      way.journal(ground).delete();
      return draft.end(Outcome.DONE, null, begun);
    }
    Container c = ground.store().find(moved.ctid()).orElse(moved);
    Optional<RunningContainer> alive = ground.runtime().running(c.ctid());
    if (alive.isPresent()) {
      c = lifecycle.stop(c, alive.get(), task);
    }
    Container before = offline.back(c, way.from().number(), way.to().number(), true);
    RunningContainer again = lifecycle.start(before, task);
    @Nullable String stillWorse = health.ready(again, request.readySeconds(), task);
    if (stillWorse != null) {
      draft.notes.add("back on generation " + way.from().number() + ": " + stillWorse);
    }
    draft.remaining = List.of();
    return draft.end(Outcome.UNDONE, worse, begun);
  }

  /** A run was interrupted after this container was moved and before it was known to be well. */
  private ContainerReport recheck(
      Container c,
      Routes routes,
      @Nullable ContainerReport earlier,
      RolloutRequest request,
      Draft draft,
      Task task,
      long begun) {
    if (earlier != null) {
      draft.remaining = earlier.remaining();
      draft.notes.addAll(earlier.notes());
    }
    draft.touched = true;
    Generation from = routes.require(draft.from);
    Way way = new Way(c, from, routes.to(), routes.route(from), true);
    Optional<RunningContainer> running = ground.runtime().running(c.ctid());
    if (running.isPresent() && PatchKeys.mounted(c).isPresent()) {
      draft.way = LIVE;
      @Nullable String worse = health.worse(running.get(), Optional.empty(), request.health());
      if (worse != null) {
        var _ = live.back(c, from, routes.to().number(), running.get());
        return draft.end(Outcome.UNDONE, worse, begun);
      }
    } else if (running.isPresent() || earlier != null) {
      draft.way = RESTART;
      return check(way, c, running.orElse(null), request, draft, begun, task);
    } else {
      draft.way = STOPPED;
    }
    way.journal(ground).delete();
    return draft.end(Outcome.DONE, null, begun);
  }

  /** What becomes the report. */
  private static final class Draft {
    private final Ctid ctid;
    private final int to;
    private int from = -1;
    private String way = "-";
    private boolean touched;
    private long readOnlyMicros;
    private Optional<Set<String>> failedBefore = Optional.empty();
    private List<String> restarted = List.of();
    private List<StaleProcess> stale = List.of();
    private List<Remaining> remaining = List.of();
    private final List<String> notes = new ArrayList<>();

    Draft(Ctid ctid, int to) {
      this.ctid = ctid;
      this.to = to;
    }

    void take(Moved moved) {
      readOnlyMicros = moved.readOnlyMicros();
      remaining = new ArrayList<>(moved.plan().remaining());
      remaining.addAll(moved.failed());
      notes.addAll(moved.notes());
    }

    void take(ContainerPlan plan) {
      remaining = plan.remaining();
      notes.addAll(plan.notes());
      if (plan.planClass() == PlanClass.PINNED) {
        way = "-";
      }
    }

    ContainerReport end(Outcome outcome, @Nullable String error, long begun) {
      return new ContainerReport(
          ctid.value(),
          outcome,
          from,
          to,
          way,
          (System.nanoTime() - begun) / 1_000_000,
          readOnlyMicros,
          restarted,
          stale,
          remaining,
          notes,
          error);
    }
  }
}
