package org.lamina.manager.core.patch;

import org.lamina.manager.core.Container;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.Locks;
import org.lamina.manager.core.Operations;
import org.lamina.schema.Ctid;

/** Keeps containers out of roll-outs. */
final class Pins {
  private final Ground ground;
  private final Dependents dependents;
  private final Operations operations;
  private final Locks locks;

  Pins(Ground ground, Dependents dependents, Operations operations, Locks locks) {
    this.ground = ground;
    this.dependents = dependents;
    this.operations = operations;
    this.locks = locks;
  }

  void pin(Ctid ctid, boolean pinned, Listener listener) {
    var _ =
        operations.run(
            pinned ? "pin" : "unpin",
            ctid.toString(),
            listener,
            task -> {
              try (Locks.Held held = locks.acquire(ctid, pinned ? "pin" : "unpin", task.id())) {
                Container c = Marks.pinned(dependents.require(ctid), pinned);
                ground.store().save(c);
                ground.writeConf(c, task);
                task.say(
                    "Container "
                        + ctid
                        + (pinned
                            ? " is pinned to generation " + c.generation()
                            : " follows its template again"));
              }
              return true;
            });
  }
}
