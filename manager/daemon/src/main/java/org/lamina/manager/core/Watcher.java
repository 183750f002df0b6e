package org.lamina.manager.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.lamina.agent.ExitCause;
import org.lamina.agent.RunningContainer;
import org.lamina.schema.Ctid;
import org.lamina.schema.LaminaException;

/**
 * Follows what containers do by themselves: a reboot typed inside starts them again, anything else
 * that ends init leaves them stopped and swept. Thread safe.
 */
final class Watcher {
  private static final Logger log = System.getLogger(Watcher.class.getName());

  private final CoreParts parts;
  private final Locks locks;
  private final Operations operations;
  private final ContainerBoot boot;
  private final Executor executor;
  private final RebootBrake brake = new RebootBrake();

  /**
   * @param executor runs what follows an exit; such work may wait for a container's lock
   */
  Watcher(
      CoreParts parts, Locks locks, Operations operations, ContainerBoot boot, Executor executor) {
    this.parts = parts;
    this.locks = locks;
    this.operations = operations;
    this.boot = boot;
    this.executor = executor;
  }

  /** Called once for every container that was started or found running. */
  void watch(RunningContainer running) {
    var _ =
        running
            .exit()
            .thenAcceptAsync(cause -> ended(running.ctid(), cause), executor)
            .exceptionally(e -> {
              log.log(Level.ERROR, "after the end of container " + running.ctid(), e);
              return null;
            });
  }

  /**
   * Brings the daemon's view in line with an exit. Does nothing where a command of an operator saw
   * to it already.
   */
  void ended(Ctid ctid, ExitCause cause) {
    try (Locks.Held held = locks.await(ctid, "watch")) {
      Optional<Container> known = parts.store().find(ctid);
      if (known.isEmpty()
          || !known.get().wantsRunning()
          || parts.isRunning(ctid)
          // swept already: a shutdown of the host stopped what is to run again
          || !parts.runtime().traces().contains(ctid)) {
        return;
      }
      log.log(Level.INFO, "container {0} ended: {1}", ctid, ContainerBoot.describe(cause));
      if (cause.kind() == ExitCause.Kind.REBOOT && brake.mayReboot(ctid)) {
        reboot(known.get());
      } else {
        if (cause.kind() == ExitCause.Kind.REBOOT) {
          log.log(Level.WARNING, "container {0} reboots all the time; it is left stopped", ctid);
        }
        settle(known.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reboot(Container c) {
    try {
      RunningContainer again =
          operations.run(
              "reboot",
              c.ctid().toString(),
              Listener.SILENT,
              task -> boot.start(c, true, Intents.AGAIN, task));
      watch(again);
    } catch (LaminaException e) {
      log.log(Level.ERROR, "container {0} could not be rebooted: {1}", c.ctid(), e.text());
    }
  }

  private void settle(Container c) {
    parts.runtime().sweep(c.ctid());
    parts.store().saveAndClear(c.withWantsRunning(false));
  }
}
