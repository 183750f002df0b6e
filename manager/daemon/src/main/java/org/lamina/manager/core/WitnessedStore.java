package org.lamina.manager.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;

/**
 * A store that tells what its changes mean for containers. Every way in which a container starts,
 * ends or changes passes through here, those of the reconciler and of roll-outs too.
 */
final class WitnessedStore implements ContainerStore {
  private final ContainerStore store;
  private final Events events;
  private final Map<Ctid, Intent.Kind> intended = new ConcurrentHashMap<>();

  WitnessedStore(ContainerStore store, Events events) {
    this.store = store;
    this.events = events;
    store.intents().forEach(i -> intended.put(i.ctid(), i.kind()));
  }

  @Override
  public Container insert(Container draft, @Nullable IdPool pool, Intent intent) {
    Container inserted = store.insert(draft, pool, intent);
    intended.put(intent.ctid(), intent.kind());
    return inserted;
  }

  @Override
  public void save(Container container) {
    Optional<Container> before = store.find(container.ctid());
    store.save(container);
    before.ifPresent(b -> tell(b, container));
  }

  @Override
  public void saveAndClear(Container container) {
    Optional<Container> before = store.find(container.ctid());
    store.saveAndClear(container);
    Intent.Kind done = intended.remove(container.ctid());
    if (done == Intent.Kind.CREATING) {
      publish(HostEvent.Type.CONTAINER_CREATED, container, "from " + container.template());
    } else if (done == Intent.Kind.REGISTERING) {
      publish(HostEvent.Type.CONTAINER_REGISTERED, container, "");
    } else {
      before.ifPresent(b -> tell(b, container));
    }
  }

  /** Reboots keep the wish to run, so what they are is told by their operation. */
  private void tell(Container before, Container after) {
    if (before.wantsRunning() != after.wantsRunning()) {
      publish(
          after.wantsRunning()
              ? HostEvent.Type.CONTAINER_STARTED
              : HostEvent.Type.CONTAINER_STOPPED,
          after,
          "");
    }
    String changes = changes(before, after);
    if (!changes.isEmpty()) {
      publish(HostEvent.Type.CONTAINER_CHANGED, after, changes);
    }
  }

  @Override
  public void delete(Ctid ctid) {
    Optional<Container> before = store.find(ctid);
    store.delete(ctid);
    Intent.Kind doing = intended.remove(ctid);
    before.ifPresent(b -> {
      if (doing == Intent.Kind.DESTROYING) {
        publish(HostEvent.Type.CONTAINER_DESTROYED, b, "");
      } else if (doing == null) {
        publish(HostEvent.Type.CONTAINER_UNREGISTERED, b, "");
      }
    });
  }

  private void publish(HostEvent.Type type, Container c, String text) {
    String name = c.name();
    String shown =
        Stream.of(name == null ? "" : name, text)
            .filter(t -> !t.isEmpty())
            .reduce((a, b) -> a + ": " + b)
            .orElse("");
    events.publish(type, c.ctid().toString(), shown);
  }

  /** What differs, as options are called; values are for those who ask for them. */
  static String changes(Container a, Container b) {
    List<String> names = new ArrayList<>();
    if (a.generation() != b.generation()) {
      names.add("generation " + a.generation() + " to " + b.generation());
    }
    differs(names, "name", a.name(), b.name());
    differs(names, "hostname", a.hostname(), b.hostname());
    differs(names, "description", a.description(), b.description());
    differs(names, "limits", a.limits(), b.limits());
    differs(names, "onboot", a.onboot(), b.onboot());
    differs(names, "bootorder", a.bootOrder(), b.bootOrder());
    differs(names, "disabled", a.disabled(), b.disabled());
    differs(names, "stop-timeout", a.stopTimeoutSeconds(), b.stopTimeoutSeconds());
    differs(names, "labels", a.labels(), b.labels());
    return String.join(", ", names);
  }

  private static void differs(
      List<String> names, String name, @Nullable Object a, @Nullable Object b) {
    if (!Objects.equals(a, b)) {
      names.add(name);
    }
  }

  @Override
  public void intend(Intent intent) {
    store.intend(intent);
    intended.put(intent.ctid(), intent.kind());
  }

  @Override
  public void clear(Ctid ctid) {
    store.clear(ctid);
    intended.remove(ctid);
  }

  @Override
  public List<Container> all() {
    return store.all();
  }

  @Override
  public Optional<Container> find(Ctid ctid) {
    return store.find(ctid);
  }

  @Override
  public List<Intent> intents() {
    return store.intents();
  }
}
