package org.lamina.manager.core.patch;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.lamina.agent.GuestRoot;
import org.lamina.agent.LaunchSpec;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.Listener;
import org.lamina.schema.Ctid;
import org.lamina.schema.LaminaException;
import org.lamina.templates.patch.Move;
import org.lamina.templates.patch.PatchPlan;
import org.lamina.templates.patch.Remaining;

/**
 * Moves stopped containers; the caller holds the lock. Every step can be done again after a crash,
 * and what it was before is saved before the first of them.
 */
final class OfflineMove {
  private static final Logger log = System.getLogger(OfflineMove.class.getName());
  private static final Duration TOOL = Duration.ofMinutes(2);

  private final Ground ground;
  private final Guests guests;
  private final Mover mover;

  OfflineMove(Ground ground, Guests guests, Mover mover) {
    this.ground = ground;
    this.guests = guests;
    this.mover = mover;
  }

  /** Folds what live exchanges left; nothing must be mounted on the delta. */
  void settle(Container c, Listener listener) {
    Path root = ground.root(c.ctid());
    if (ground.runtime().isMounted(root)) {
      ground.runtime().umount(root);
      listener.say("Container is unmounted");
    }
    var _ = ground.runtime().squash(ground.delta(c.ctid()), ground.spec(c).swappableTrees());
    PatchKeys.mounted(c).ifPresent(oldest -> tidy(c, oldest));
  }

  /** Drops what live moves had to copy or hide; a failure keeps nobody from going on. */
  private void tidy(Container c, int oldest) {
    try {
      int gone = mover.tidy(c, oldest, ground.delta(c.ctid()));
      log.log(Level.DEBUG, "container {0}: {1} equal copies were dropped", c.ctid(), gone);
    } catch (LaminaException e) {
      log.log(Level.WARNING, "container " + c.ctid() + " keeps equal copies", e);
    }
  }

  /**
   * Moves it, or leaves it as it was. The journal stays until the move is known to be good. What an
   * interrupted attempt did is undone first.
   *
   * @throws Blocked if a person has to decide first
   */
  Moved move(Way way, Listener listener) {
    Container c = restored(way.c(), way.again());
    UndoJournal.forget(ground.area(c.ctid()), way.from().number());
    return moved(new Way(c, way.from(), way.to(), way.route(), way.again()), listener);
  }

  /**
   * The container after a move that was begun and given up is undone, if there is one: whoever
   * changed it last may have had no time for that.
   */
  Container restored(Container c, boolean again) {
    return UndoJournal.begun(ground.area(c.ctid()), c.generation())
        .map(to -> back(c, c.generation(), to, again))
        .orElse(c);
  }

  private Moved moved(Way way, Listener listener) {
    Container c = way.c();
    settle(c, listener);
    PatchPlan plan = way.route().plan(c, ground.delta(c.ctid()), Move.stopped());
    if (plan.blocked()) {
      throw new Blocked(plan.summary());
    }
    ground.store().intend(way.intent().of(c.ctid()));
    try {
      List<Remaining> failed = new ArrayList<>();
      Container after = apply(way, plan, failed, listener);
      return new Moved(after, plan.summary(), 0, plan.summary().notes(), failed);
    } catch (RuntimeException e) {
      undo(way, e);
      throw e;
    }
  }

  private Container apply(Way way, PatchPlan plan, List<Remaining> failed, Listener listener) {
    Container c = way.c();
    Ctid ctid = c.ctid();
    Container after = Marks.arrived(c, way.to().number());
    if (!plan.steps().isEmpty()) {
      inRoot(
          c,
          root -> {
            way.journal(ground).save(root, Steps.single(plan), Steps.trees(plan));
            return true;
          });
      way.route().prune(plan, ground.delta(ctid));
      List<List<String>> tools =
          inRoot(after, root -> new ArrayList<>(way.route().apply(plan, root)));
      LaunchSpec spec = ground.spec(after);
      failed.addAll(Tools.run(ctid, tools, tool -> guests.runStopped(spec, tool, TOOL)));
      ground.runtime().flush(ground.delta(ctid));
    }
    save(after, way.again());
    ground.writeConf(after, listener);
    return after;
  }

  private interface Work<T> {
    T on(GuestRoot root);
  }

  private <T> T inRoot(Container c, Work<T> work) {
    LaunchSpec spec = ground.spec(c);
    Path target = ground.root(c.ctid());
    ground.runtime().mount(spec, target);
    try (GuestRoot root = ground.runtime().root(spec, target)) {
      return work.on(root);
    } finally {
      ground.runtime().umount(target);
    }
  }

  private void undo(Way way, RuntimeException cause) {
    try {
      back(way.c(), way.from().number(), way.to().number(), way.again());
    } catch (RuntimeException e) {
      // the intent stays, so the next start of the daemon tries again
      log.log(Level.ERROR, "container " + way.c().ctid() + " could not be brought back", e);
      cause.addSuppressed(e);
    }
  }

  /** Brings a stopped container back to where it came from, however far it was moved. */
  Container back(Container c, int from, int to, boolean again) {
    Ctid ctid = c.ctid();
    ground.store().intend(new SwitchIntent(false, from, to, again).of(ctid));
    Container before = Marks.arrived(c, from);
    if (ground.runtime().isMounted(ground.root(ctid))) {
      ground.runtime().umount(ground.root(ctid));
    }
    UndoJournal journal = new UndoJournal(ground.area(ctid), from, to);
    if (journal.exists()) {
      var _ = ground.runtime().squash(ground.delta(ctid), ground.spec(before).swappableTrees());
      inRoot(
          before,
          root -> {
            journal.restore(root);
            return true;
          });
      ground.runtime().flush(ground.delta(ctid));
    }
    // While the intent stands: a journal without one would be taken for a move that was given up.
    journal.delete();
    save(before, again);
    ground.writeConf(before, Listener.SILENT);
    return before;
  }

  /** A container that is to run keeps its intent, which the start replaces. */
  private void save(Container c, boolean again) {
    if (again) {
      ground.store().save(c);
    } else {
      ground.store().saveAndClear(c);
    }
  }
}
