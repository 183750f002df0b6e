package org.lamina.manager.core.patch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerStore;
import org.lamina.manager.core.Intent;
import org.lamina.manager.core.Listener;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateStore;

/** Finishes what an earlier daemon left in the middle of a move, or undoes it. */
public final class SwitchRecovery {
  private static final Logger log = System.getLogger(SwitchRecovery.class.getName());

  private final Ground ground;
  private final TemplateStore templates;
  private final Mover mover;
  private final OfflineMove offline;
  private final LiveMove live;
  private final PatchStore reports;

  SwitchRecovery(
      Ground ground,
      TemplateStore templates,
      Mover mover,
      OfflineMove offline,
      LiveMove live,
      PatchStore reports) {
    this.ground = ground;
    this.templates = templates;
    this.mover = mover;
    this.offline = offline;
    this.live = live;
    this.reports = reports;
  }

  /**
   * @return whether the container is to be started now
   * @throws LaminaException if it could be neither finished nor undone; the intent stays then
   */
  public boolean settle(Intent intent, Container c) {
    SwitchIntent said =
        SwitchIntent.read(intent)
            .orElseThrow(() ->
                new LaminaException(
                    ExitCode.SYSTEM, "cannot read what was done to container " + c.ctid()));
    Optional<RunningContainer> running = ground.runtime().running(c.ctid());
    if (running.isEmpty()) {
      // an init that died with the host or the daemon may have left its cgroup
      ground.runtime().sweep(c.ctid());
    }
    boolean arrived = c.generation() == (said.forward() ? said.to() : said.from());
    if (said.forward() && !arrived) {
      forward(said, c, running);
    } else if (!said.forward()) {
      back(said, c, running);
    }
    if (!goesOn(c.template())) {
      // nobody will ask whether it is well, so it stays what it is
      new UndoJournal(ground.area(c.ctid()), said.from(), said.to()).delete();
    }
    clear(c);
    return said.again() && running.isEmpty();
  }

  private boolean goesOn(String template) {
    return reports.unfinished().stream().anyMatch(r -> r.request().template().equals(template));
  }

  private void forward(SwitchIntent said, Container c, Optional<RunningContainer> running) {
    Generation from = require(c, said.from());
    Generation to = require(c, said.to());
    // An exchange that was begun and a container that stopped since: the rest is done at rest.
    Way way = new Way(c, from, to, mover.route(from, to), said.again() && running.isEmpty());
    try {
      var _ =
          running.isPresent()
              ? live.move(way, running.get(), Listener.SILENT)
              : offline.move(way, Listener.SILENT);
      log.log(Level.INFO, "container {0} was moved on to generation {1}", c.ctid(), said.to());
    } catch (Pending | Blocked e) {
      log.log(Level.INFO, "container {0} goes back: {1}", c.ctid(), e.getMessage());
      back(said.back(), c, running);
    }
  }

  private void back(SwitchIntent said, Container c, Optional<RunningContainer> running) {
    if (running.isPresent()) {
      var _ = live.back(c, require(c, said.from()), said.to(), running.get());
    } else {
      var _ = offline.back(c, said.from(), said.to(), said.again());
    }
    log.log(Level.INFO, "container {0} is back on generation {1}", c.ctid(), said.from());
  }

  private void clear(Container c) {
    ContainerStore store = ground.store();
    store.clear(c.ctid());
  }

  private Generation require(Container c, int number) {
    return templates
        .generation(c.template(), number)
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.TEMPLATE_NOT_FOUND,
                "generation " + number + " of template " + c.template() + " is missing"));
  }
}
