package org.lamina.manager.core.patch;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.Task;
import org.lamina.schema.LaminaException;
import org.lamina.templates.patch.GenerationDiff;

/** Takes a running container through a roll-out while it runs on; the caller holds the lock. */
final class LiveRollout {
  private final Ground ground;
  private final Guests guests;
  private final Health health;
  private final LiveMove live;
  private final ServiceRestart services;

  LiveRollout(Ground ground, Guests guests, Health health) {
    this.ground = ground;
    this.guests = guests;
    this.health = health;
    this.live = new LiveMove(ground, guests);
    this.services = new ServiceRestart(guests);
  }

  ContainerReport move(
      Way way, RunningContainer running, RolloutRequest request, ReportDraft draft, Task task) {
    draft.way = ReportDraft.LIVE;
    health.booted(running, task);
    Moved moved;
    try {
      moved = live.move(way, running, task);
    } catch (LaminaException e) {
      draft.touched = true;
      throw e;
    }
    draft.touched = true;
    draft.take(moved);
    return check(way, moved.c(), running, request, draft);
  }

  /**
   * Makes what runs old code run the new, if that is wanted, and takes the container back if it is
   * not well then. Done twice is done once: what runs new code already is left alone.
   */
  ContainerReport check(
      Way way,
      Container moved,
      RunningContainer running,
      RolloutRequest request,
      ReportDraft draft) {
    draft.way = ReportDraft.LIVE;
    GenerationDiff diff = way.route().diff();
    draft.stale = guests.stale(running, diff);
    if (request.services() == RolloutRequest.Services.AUTO && !Renewal.of(draft.stale).isEmpty()) {
      // The exchange itself starts and stops nothing, so what fails from here on is compared.
      draft.failedBefore = health.failedUnits(running);
      draft.take(services.renew(running, diff, draft.stale, draft.notes));
    }
    @Nullable String worse = health.worse(running, draft.failedBefore, request.health());
    if (worse == null) {
      way.journal(ground).delete();
      return draft.end(Outcome.DONE, null);
    }
    var _ = live.back(moved, way.from(), way.to().number(), running);
    if (request.services() == RolloutRequest.Services.AUTO) {
      draft.take(services.renew(running, diff, guests.stale(running, diff), draft.notes));
    }
    draft.remaining = List.of();
    return draft.end(Outcome.UNDONE, worse);
  }
}
