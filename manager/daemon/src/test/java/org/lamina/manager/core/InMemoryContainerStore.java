package org.lamina.manager.core;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** A store that lives as long as the test does. */
public final class InMemoryContainerStore implements ContainerStore {
  private final TreeMap<Ctid, Container> containers = new TreeMap<>();
  private final TreeMap<Ctid, Intent> intents = new TreeMap<>();

  @Override
  public synchronized List<Container> all() {
    return new ArrayList<>(containers.values());
  }

  @Override
  public synchronized Optional<Container> find(Ctid ctid) {
    return Optional.ofNullable(containers.get(ctid));
  }

  @Override
  public synchronized Optional<Container> findByName(String name) {
    return containers.values().stream().filter(c -> name.equals(c.name())).findFirst();
  }

  @Override
  public synchronized List<Container> dependents(String template) {
    return containers.values().stream().filter(c -> c.template().equals(template)).toList();
  }

  @Override
  public synchronized Container insert(Container draft, IdPool pool, Intent intent) {
    Container c =
        pool == null
            ? draft
            : draft.withIds(
                pool.choose(
                    containers.values().stream()
                        .map(o -> o.ids().base())
                        .collect(Collectors.toSet())));
    if (containers.containsKey(c.ctid())) {
      throw new LaminaException(ExitCode.PRIVATE_EXISTS, "exists");
    }
    requireFreeName(c);
    if (containers.values().stream()
        .anyMatch(
            o -> o.uuid().equals(c.uuid()) || (!c.ids().privileged() && o.ids().equals(c.ids())))) {
      throw new LaminaException(ExitCode.NOT_OWNER, "taken");
    }
    requireFreeNetwork(c);
    containers.put(c.ctid(), c);
    intents.put(c.ctid(), intent);
    return c;
  }

  private void requireFreeNetwork(Container c) {
    for (Container o : containers.values()) {
      boolean shared =
          o.network().addresses().stream()
                  .anyMatch(a ->
                      c.network().addresses().stream()
                          .anyMatch(b -> a.address().equals(b.address())))
              || o.network().ports().stream()
                  .anyMatch(p -> c.network().ports().stream().anyMatch(p::collidesWith));
      if (shared && !o.ctid().equals(c.ctid())) {
        throw new LaminaException(ExitCode.IP_IN_USE, "address taken");
      }
    }
  }

  private void requireFreeName(Container c) {
    if (c.name() != null
        && findByName(c.name()).filter(o -> !o.ctid().equals(c.ctid())).isPresent()) {
      throw new LaminaException(ExitCode.NAME_FAILED, "name taken");
    }
  }

  @Override
  public synchronized void save(Container c) {
    if (!containers.containsKey(c.ctid())) {
      throw new LaminaException(ExitCode.NO_CONTAINER_CONFIG, "unknown");
    }
    requireFreeName(c);
    requireFreeNetwork(c);
    containers.put(c.ctid(), c);
  }

  @Override
  public synchronized void saveAndClear(Container c) {
    save(c);
    intents.remove(c.ctid());
  }

  @Override
  public synchronized void intend(Intent intent) {
    intents.put(intent.ctid(), intent);
  }

  @Override
  public synchronized void clear(Ctid ctid) {
    intents.remove(ctid);
  }

  @Override
  public synchronized void delete(Ctid ctid) {
    containers.remove(ctid);
    intents.remove(ctid);
  }

  @Override
  public synchronized List<Intent> intents() {
    return new ArrayList<>(intents.values());
  }
}
