package org.lamina.manager.core;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import org.lamina.agent.ExitCause;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.patch.SwitchRecovery;
import org.lamina.schema.Ctid;
import org.lamina.schema.LaminaException;

/**
 * Brings database, disk and kernel together when the daemon starts: every change that an earlier
 * daemon left half-done is finished or undone, running containers are adopted, and nothing that
 * belongs to nobody stays. Runs before the first command is taken.
 */
public final class Reconciler {
  private static final Logger log = System.getLogger(Reconciler.class.getName());

  private final CoreParts parts;
  private final Operations operations;
  private final Locks locks;
  private final Watcher watcher;
  private final ContainerCreation creation;
  private final ContainerBoot boot;
  private final ContainerHalt halt;
  private final ContainerRemoval removal;
  private final ContainerRegistration registration;
  private final SwitchRecovery switches;
  private final Executor executor;

  Reconciler(
      CoreParts parts,
      Operations operations,
      Locks locks,
      Watcher watcher,
      ContainerCreation creation,
      ContainerBoot boot,
      ContainerHalt halt,
      ContainerRemoval removal,
      ContainerRegistration registration,
      SwitchRecovery switches,
      Executor executor) {
    this.parts = parts;
    this.operations = operations;
    this.locks = locks;
    this.watcher = watcher;
    this.creation = creation;
    this.boot = boot;
    this.halt = halt;
    this.removal = removal;
    this.registration = registration;
    this.switches = switches;
    this.executor = executor;
  }

  /** One piece of repair on one container. */
  @FunctionalInterface
  private interface Repair {
    void run() throws IOException;
  }

  /**
   * Repairs everything; a container that cannot be repaired is logged and keeps its intent for the
   * next time. What takes long (waiting for a power-off) goes on in the background, under the
   * container's lock.
   *
   * @param hostBooted containers that ran before are left for the boot sequence to start
   * @throws IOException if the state directories cannot be used at all
   */
  public void run(boolean hostBooted) throws IOException {
    parts.areas().prepare();
    attempt("templates", () -> parts.templates().sweep());
    Set<Ctid> toStart = new TreeSet<>();
    for (Intent intent : parts.store().intents()) {
      attempt(
          "container " + intent.ctid() + " (" + intent.kind() + ")", () -> settle(intent, toStart));
    }
    for (Ctid ctid : parts.areas().unfinished()) {
      attempt("container " + ctid, () -> removeUnfinished(ctid));
    }
    for (Container c : parts.store().all()) {
      attempt("container " + c.ctid(), () -> align(c, hostBooted, toStart));
    }
    for (Ctid ctid : parts.runtime().traces()) {
      attempt("container " + ctid, () -> removeTrace(ctid));
    }
    toStart.forEach(this::startAgain);
  }

  private static void attempt(String what, Repair repair) {
    try {
      repair.run();
    } catch (IOException | RuntimeException e) {
      log.log(Level.ERROR, "could not repair " + what, e);
    }
  }

  private void settle(Intent intent, Set<Ctid> toStart) throws IOException {
    Ctid ctid = intent.ctid();
    log.log(Level.INFO, "container {0} was left {1}", ctid, intent.kind());
    Optional<Container> known = parts.store().find(ctid);
    if (known.isEmpty()) {
      parts.areas().remove(ctid);
      parts.store().clear(ctid);
      return;
    }
    switch (intent.kind()) {
      case CREATING -> creation.undo(ctid);
      case REGISTERING -> registration.undo(intent);
      case DESTROYING -> removal.finish(ctid);
      case STARTING -> settleStart(intent, known.get(), toStart);
      case STOPPING -> settleStop(intent, known.get(), toStart);
      case SWITCHING -> {
        if (switches.settle(intent, known.get())) {
          toStart.add(ctid);
        }
      }
    }
  }

  private void settleStart(Intent intent, Container c, Set<Ctid> toStart) {
    if (parts.isRunning(c.ctid())) {
      parts.store().saveAndClear(c.withWantsRunning(true));
      return;
    }
    parts.runtime().sweep(c.ctid());
    if (Intents.again(intent)) {
      // the intent stays until the start takes it over, so that nothing gets lost in between
      toStart.add(c.ctid());
    } else {
      parts.store().clear(c.ctid());
    }
  }

  private void settleStop(Intent intent, Container c, Set<Ctid> toStart) {
    Ctid ctid = c.ctid();
    ContainerHalt.Then then = Intents.then(intent);
    Optional<RunningContainer> running = parts.runtime().running(ctid);
    if (running.isEmpty()) {
      parts.runtime().sweep(ctid);
      if (then == ContainerHalt.Then.START_AGAIN) {
        parts.store().intend(Intent.of(ctid, Intent.Kind.STARTING, Intents.AGAIN));
        toStart.add(ctid);
      } else {
        parts
            .store()
            .saveAndClear(c.withWantsRunning(then == ContainerHalt.Then.COME_UP_WITH_HOST));
      }
      return;
    }
    Locks.Held held = locks.acquire(ctid, "stop", 0);
    executor.execute(() -> {
      try (held) {
        operations.run(
            "stop",
            ctid.toString(),
            new LogListener("container " + ctid),
            task -> {
              halt.stop(c, running.get(), Intents.fast(intent), then, task);
              return ctid;
            });
      } catch (LaminaException e) {
        log.log(Level.ERROR, "container {0} could not be stopped: {1}", ctid, e.text());
        return;
      }
      if (then != ContainerHalt.Then.STAY_DOWN) {
        startAgain(ctid);
      }
    });
  }

  /** Directories of a creation or removal whose intent a power cut swallowed. */
  private void removeUnfinished(Ctid ctid) throws IOException {
    if (parts.store().find(ctid).isEmpty()) {
      parts.areas().remove(ctid);
    } else if (!parts.areas().exists(ctid)) {
      removal.finish(ctid);
    } else {
      parts.areas().removeUnfinished(ctid);
    }
  }

  private void align(Container c, boolean hostBooted, Set<Ctid> toStart) throws IOException {
    Ctid ctid = c.ctid();
    if (locks.holder(ctid).isPresent()) {
      return;
    }
    if (!parts.areas().exists(ctid)) {
      log.log(Level.ERROR, "the private area of container {0} is missing", ctid);
      return;
    }
    Optional<RunningContainer> running = parts.runtime().running(ctid);
    if (toStart.contains(ctid)) {
      log.log(Level.DEBUG, "container {0} starts soon", ctid);
    } else if (running.isPresent()) {
      Container wanted = c.withWantsRunning(true);
      if (!c.equals(wanted)) {
        parts.store().save(wanted);
      }
      watcher.watch(running.get());
    } else {
      alignStopped(c, hostBooted, toStart);
    }
    if (parts.areas().saveConf(parts.require(ctid), true)) {
      log.log(Level.INFO, "wrote {0} from the database", parts.config().veConf(ctid));
    }
  }

  private void alignStopped(Container c, boolean hostBooted, Set<Ctid> toStart) {
    if (!parts.isMounted(c.ctid())) {
      parts.runtime().disks().settle(parts.config().privateArea(c.ctid()));
      parts.rest(c.ctid());
    }
    Optional<ExitCause> exit = parts.runtime().lastExit(c.ctid());
    if (c.wantsRunning() && exit.isPresent() && exit.get().kind() == ExitCause.Kind.REBOOT) {
      toStart.add(c.ctid());
      return;
    }
    if (parts.runtime().traces().contains(c.ctid())) {
      parts.runtime().sweep(c.ctid());
    }
    if (c.wantsRunning() && !hostBooted) {
      log.log(
          Level.INFO,
          "container {0} ended while the daemon was away: {1}",
          c.ctid(),
          exit.map(ContainerBoot::describe).orElse("nothing is known of how"));
      parts.store().save(c.withWantsRunning(false));
    }
  }

  private void removeTrace(Ctid ctid) {
    if (parts.store().find(ctid).isPresent()) {
      return;
    }
    if (parts.isRunning(ctid)) {
      log.log(
          Level.WARNING,
          "container {0} runs and is not in the database; take it in with: lamina recover",
          ctid);
    } else {
      parts.runtime().sweep(ctid);
    }
  }

  private void startAgain(Ctid ctid) {
    executor.execute(() -> {
      try {
        operations.run(
            "start",
            ctid.toString(),
            new LogListener("container " + ctid),
            task -> {
              try (Locks.Held held = locks.acquire(ctid, "start", task.id())) {
                watcher.watch(boot.start(parts.require(ctid), true, Intents.AGAIN, task));
              }
              return ctid;
            });
      } catch (LaminaException e) {
        log.log(Level.ERROR, "container {0} did not start again: {1}", ctid, e.text());
      }
    });
  }
}
