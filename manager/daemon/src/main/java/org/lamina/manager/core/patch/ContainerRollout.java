package org.lamina.manager.core.patch;

import java.util.Optional;
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

/** Takes one container through a roll-out, in the way that fits it. */
final class ContainerRollout {
  private final Ground ground;
  private final Locks locks;
  private final OfflineMove offline;
  private final LiveRollout live;
  private final RestartRollout restart;

  ContainerRollout(
      Ground ground, Locks locks, Lifecycle lifecycle, Guests guests, OfflineMove offline) {
    this.ground = ground;
    this.locks = locks;
    this.offline = offline;
    Health health = new Health(guests);
    this.live = new LiveRollout(ground, guests, health);
    this.restart = new RestartRollout(ground, lifecycle, health, offline);
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
    ReportDraft draft = new ReportDraft(ctid, routes.to().number());
    try (Locks.Held held = locks.acquire(ctid, "rollout", task.id())) {
      Optional<Container> known = ground.store().find(ctid);
      if (known.isEmpty()) {
        return draft.end(Outcome.CURRENT, "it was destroyed meanwhile");
      }
      draft.from = known.get().generation();
      if (known.get().generation() == routes.to().number()) {
        Optional<Integer> from = UndoJournal.unproven(ground.area(ctid), routes.to().number());
        if (from.isPresent() && resumed) {
          draft.from = from.get();
          return recheck(known.get(), routes, earlier, request, draft, task);
        }
      }
      return go(known.get(), routes, request, draft, keep, task);
    } catch (Pending e) {
      return draft.end(Outcome.PENDING, e.why());
    } catch (Blocked e) {
      draft.take(e.plan());
      return draft.end(Outcome.VULNERABLE, "it was not moved: a decision is needed first");
    } catch (LaminaException e) {
      Outcome outcome =
          e.exitCode() == ExitCode.LOCKED && !draft.touched
              ? Outcome.PENDING
              : draft.touched ? settled(ctid, draft) : Outcome.UNDONE;
      return draft.end(outcome, e.text());
    } catch (RuntimeException e) {
      return draft.end(settled(ctid, draft), String.valueOf(e.getMessage()));
    }
  }

  /** After a failure: back, or stuck with its intent. */
  private Outcome settled(Ctid ctid, ReportDraft draft) {
    boolean stuck =
        ground.store().intents().stream().anyMatch(i -> i.ctid().equals(ctid))
            || ground.store().find(ctid).map(c -> c.generation() != draft.from).orElse(false);
    return stuck ? Outcome.FAILED : Outcome.UNDONE;
  }

  private ContainerReport go(
      Container c,
      Routes routes,
      RolloutRequest request,
      ReportDraft draft,
      Consumer<ContainerReport> keep,
      Task task) {
    Generation to = routes.to();
    if (c.generation() == to.number()) {
      if (PatchKeys.next(c).isPresent()) {
        ground.store().save(Marks.arrived(c, to.number()));
      }
      return draft.end(Outcome.CURRENT, null);
    }
    Generation from = routes.from(c);
    if (PatchKeys.pinned(c)) {
      draft.take(routes.pinned(c, ground.delta(c.ctid())));
      return draft.end(Outcome.PINNED, null);
    }
    Optional<RunningContainer> running = ground.runtime().running(c.ctid());
    boolean restarts = request.mode() == RolloutRequest.Mode.RESTART;
    Way way = new Way(c, from, to, routes.route(from), running.isPresent() && restarts);
    if (running.isEmpty()) {
      draft.way = ReportDraft.STOPPED;
      draft.touched = true;
      draft.take(offline.move(way, task));
      way.journal(ground).delete();
      return draft.end(Outcome.DONE, null);
    }
    return switch (request.mode()) {
      case NEXT_START -> {
        ground.store().save(Marks.waiting(c, to.number()));
        ground.writeConf(Marks.waiting(c, to.number()), task);
        yield draft.end(Outcome.PENDING, "it moves at its next start");
      }
      case LIVE -> live.move(way, running.get(), request, draft, task);
      case RESTART -> restart.move(way, running.get(), request, draft, keep, task);
    };
  }

  /** A run was interrupted after this container was moved and before it was known to be well. */
  private ContainerReport recheck(
      Container c,
      Routes routes,
      @Nullable ContainerReport earlier,
      RolloutRequest request,
      ReportDraft draft,
      Task task) {
    draft.take(earlier);
    draft.touched = true;
    Generation from = routes.require(draft.from);
    Way way = new Way(c, from, routes.to(), routes.route(from), true);
    Optional<RunningContainer> running = ground.runtime().running(c.ctid());
    if (running.isPresent() && PatchKeys.mounted(c).isPresent()) {
      return live.check(way, c, running.get(), request, draft);
    }
    if (running.isPresent() || earlier != null) {
      return restart.check(way, c, running.orElse(null), request, draft, task);
    }
    draft.way = ReportDraft.STOPPED;
    way.journal(ground).delete();
    return draft.end(Outcome.DONE, null);
  }
}
