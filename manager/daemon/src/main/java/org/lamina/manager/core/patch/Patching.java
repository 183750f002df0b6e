package org.lamina.manager.core.patch;

import java.util.Optional;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.Events;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.Locks;
import org.lamina.manager.core.Operations;
import org.lamina.schema.LaminaException;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateStore;

/** Puts patching together. */
public final class Patching {
  private final Ground ground;
  private final TemplateStore templates;
  private final Mover mover;
  private final Guests guests;
  private final OfflineMove offline;
  private final Ports ports;

  /** What patching is given from outside. */
  public record Ports(PatchStore store, Mover mover, Guests guests, int parallel) {}

  public Patching(Ground ground, TemplateStore templates, Ports ports) {
    this.ground = ground;
    this.templates = templates;
    this.mover = ports.mover();
    this.guests = ports.guests();
    this.offline = new OfflineMove(ground, guests, mover);
    this.ports = ports;
  }

  public SwitchRecovery recovery() {
    return new SwitchRecovery(
        ground, templates, mover, offline, new LiveMove(ground, guests), ports.store());
  }

  /**
   * Everything that must happen before a container starts: what live exchanges left is folded, and
   * what was put off until this start is done. A move that fails is undone, and the container
   * starts as it was.
   *
   * @return the container as it starts
   */
  public Container beforeStart(Container c, Listener listener) {
    offline.settle(c, listener);
    Container clean = Marks.unmounted(offline.restored(c, true));
    if (!clean.equals(c)) {
      ground.store().save(clean);
    }
    Optional<Integer> next = PatchKeys.next(clean).filter(n -> n != clean.generation());
    if (next.isEmpty() || PatchKeys.pinned(clean)) {
      return clean;
    }
    Optional<Generation> from = templates.generation(c.template(), c.generation());
    Optional<Generation> to = templates.generation(c.template(), next.get());
    if (from.isEmpty() || to.isEmpty()) {
      listener.warn("generation " + next.get() + " of " + c.template() + " is missing");
      return clean;
    }
    Way way = new Way(clean, from.get(), to.get(), mover.route(from.get(), to.get()), true);
    try {
      Container moved = offline.move(way, listener).c();
      way.journal(ground).delete();
      listener.say("Container was moved to generation " + next.get());
      return moved;
    } catch (Blocked e) {
      listener.warn("container " + c.ctid() + " stays on its generation: " + e.getMessage());
    } catch (LaminaException e) {
      listener.warn("container " + c.ctid() + " could not be moved to its generation: " + e.text());
    }
    return ground.store().find(c.ctid()).orElse(clean);
  }

  /**
   * @param removing the lock that keeps containers from choosing a generation that goes
   */
  public DefaultPatchService service(
      Lifecycle lifecycle,
      Operations operations,
      Locks locks,
      Function<String, Lock> removing,
      Events events) {
    Turns turns = new Turns();
    PatchStore store = ports.store();
    Dependents dependents = new Dependents(ground, templates, mover);
    ContainerRollout one = new ContainerRollout(ground, locks, lifecycle, guests, offline);
    return new DefaultPatchService(
        new TemplateUpdates(templates, operations, events, turns),
        new Overview(ground, templates, dependents, store, guests, locks),
        new Rollouts(
            ground, templates, dependents, operations, store, one, ports.parallel(), turns),
        new Pins(ground, dependents, operations, locks),
        new GarbageCollection(ground, templates, dependents, operations, locks, removing, turns));
  }
}
