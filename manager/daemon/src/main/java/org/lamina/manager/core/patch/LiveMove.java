package org.lamina.manager.core.patch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lamina.agent.GuestRoot;
import org.lamina.agent.RunningContainer;
import org.lamina.agent.TreeSwitch;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.Listener;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;
import org.lamina.templates.patch.Move;
import org.lamina.templates.patch.PatchPlan;
import org.lamina.templates.patch.Remaining;

/** Moves running containers without stopping anything inside; the caller holds the lock. */
final class LiveMove {
  private static final Logger log = System.getLogger(LiveMove.class.getName());
  private static final Duration TOOL = Duration.ofMinutes(2);

  private final Ground ground;
  private final Guests guests;

  LiveMove(Ground ground, Guests guests) {
    this.ground = ground;
    this.guests = guests;
  }

  /**
   * Moves it, or leaves it as it was. The journal stays until the move is known to be good. What an
   * interrupted attempt did is undone first: a package database of which only a part was replaced
   * must not be taken for the container's own.
   *
   * @throws Pending if something inside is in the way now
   * @throws Blocked if a person has to decide first
   */
  Moved move(Way way, RunningContainer running, Listener listener) {
    Path area = ground.area(way.c().ctid());
    UndoJournal.forget(area, way.from().number());
    Optional<Integer> begun = UndoJournal.begun(area, way.from().number());
    if (begun.isPresent()) {
      var _ = back(way.c(), way.from(), begun.get(), running);
    }
    return locked(way, running, listener);
  }

  private Moved locked(Way way, RunningContainer running, Listener listener) {
    List<String> trees = way.to().swappableTrees();
    if (trees.isEmpty() || !trees.equals(way.from().swappableTrees())) {
      throw new Pending("its template has no trees that can be exchanged live; use --restart");
    }
    Optional<Guests.PackageLock> lock = guests.lockPackages(running, way.route().locks());
    if (lock.isEmpty()) {
      throw new Pending("its package manager is at work; try again when it has ended");
    }
    try (Guests.PackageLock held = lock.get()) {
      return underLock(way, running, trees, listener);
    }
  }

  private Moved underLock(
      Way way, RunningContainer running, List<String> trees, Listener listener) {
    Container c = way.c();
    Ctid ctid = c.ctid();
    PatchPlan plan = way.route().plan(c, ground.delta(ctid), Move.live(Set.copyOf(trees)));
    if (plan.blocked()) {
      throw new Blocked(plan.summary());
    }
    ground.store().intend(way.intent().of(ctid));
    List<String> notes = new ArrayList<>(plan.summary().notes());
    List<Remaining> failed = List.of();
    long micros = 0;
    List<String> exchanged = new ArrayList<>();
    try {
      if (!plan.steps().isEmpty()) {
        try (GuestRoot root = running.root()) {
          way.journal(ground).save(root, Steps.single(plan), Steps.trees(plan));
        }
      }
      for (String tree : trees) {
        TreeSwitch done = running.switchTree(tree, way.to().layers(), ground.delta(ctid));
        exchanged.add(tree);
        micros += done.readOnly().toNanos() / 1000;
        notes.addAll(done.notes());
      }
      if (!plan.steps().isEmpty()) {
        failed = merge(way, running, plan);
        ground.runtime().flush(ground.delta(ctid));
      }
    } catch (RuntimeException e) {
      boolean busy = e instanceof LaminaException l && l.exitCode() == ExitCode.LOCKED;
      if (exchanged.isEmpty()) {
        way.journal(ground).delete();
        ground.store().clear(ctid);
      } else {
        undo(way, running, e);
        throw e;
      }
      throw busy ? new Pending(text(e)) : e;
    }
    Container after = Marks.arrivedLive(c, way.from().number(), way.to().number());
    ground.store().saveAndClear(after);
    ground.writeConf(after, listener);
    return new Moved(after, plan.summary(), micros, notes, failed);
  }

  private static String text(RuntimeException e) {
    return e instanceof LaminaException l ? l.text() : String.valueOf(e.getMessage());
  }

  private List<Remaining> merge(Way way, RunningContainer running, PatchPlan plan) {
    List<List<String>> tools;
    try (GuestRoot root = running.root()) {
      tools = way.route().apply(plan, root);
    }
    return Tools.run(running.ctid(), tools, tool -> guests.run(running, tool, TOOL));
  }

  private void undo(Way way, RunningContainer running, RuntimeException cause) {
    try {
      var _ = back(way.c(), way.from(), way.to().number(), running);
    } catch (RuntimeException e) {
      // the intent stays, so the next start of the daemon tries again
      log.log(Level.ERROR, "container " + running.ctid() + " could not be brought back", e);
      cause.addSuppressed(e);
    }
  }

  /** Brings a running container back to where it came from, however far it was moved. */
  Container back(Container c, Generation from, int to, RunningContainer running) {
    Ctid ctid = c.ctid();
    ground.store().intend(new SwitchIntent(false, from.number(), to, false).of(ctid));
    for (String tree : from.swappableTrees()) {
      var _ = running.switchTree(tree, from.layers(), ground.delta(ctid));
    }
    UndoJournal journal = new UndoJournal(ground.area(ctid), from.number(), to);
    if (journal.exists()) {
      try (GuestRoot root = running.root()) {
        journal.restore(root);
      }
      ground.runtime().flush(ground.delta(ctid));
    }
    Container before = Marks.arrivedLive(c, from.number(), from.number());
    // While the intent stands: a journal without one would be taken for a move that was given up.
    journal.delete();
    ground.store().saveAndClear(before);
    ground.writeConf(before, Listener.SILENT);
    return before;
  }
}
