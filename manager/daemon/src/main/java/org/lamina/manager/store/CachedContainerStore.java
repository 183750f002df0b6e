package org.lamina.manager.store;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerStore;
import org.lamina.manager.core.IdPool;
import org.lamina.manager.core.Intent;
import org.lamina.schema.Ctid;

/**
 * Keeps the containers of a store in memory, for the reader: a start beside a thousand others asks
 * for all of them several times. The store underneath stays the truth: it is written first, and
 * after a change that failed everything is read again, since nobody knows how far it came. Nobody
 * else may write to that store. Thread safe; changes of one container are made one at a time, as
 * their callers' locks have it.
 */
public final class CachedContainerStore implements ContainerStore {
  private final ContainerStore store;

  /** Null when it is to be read. Replaced and changed under the lock, read without. */
  private volatile @Nullable NavigableMap<Ctid, Container> known;

  public CachedContainerStore(ContainerStore store) {
    this.store = store;
  }

  private NavigableMap<Ctid, Container> known() {
    NavigableMap<Ctid, Container> containers = known;
    return containers != null ? containers : read();
  }

  /** A change that is committed meanwhile waits for the lock, and is put in afterwards. */
  private synchronized NavigableMap<Ctid, Container> read() {
    NavigableMap<Ctid, Container> containers = known;
    if (containers == null) {
      containers = new ConcurrentSkipListMap<>();
      for (Container c : store.all()) {
        containers.put(c.ctid(), c);
      }
      known = containers;
    }
    return containers;
  }

  private <T> T orForget(Supplier<T> change) {
    boolean done = false;
    try {
      T result = change.get();
      done = true;
      return result;
    } finally {
      if (!done) {
        forget();
      }
    }
  }

  private synchronized void forget() {
    known = null;
  }

  private synchronized Container keep(Container container) {
    NavigableMap<Ctid, Container> containers = known;
    if (containers != null) {
      containers.put(container.ctid(), container);
    }
    return container;
  }

  private synchronized @Nullable Container drop(Ctid ctid) {
    NavigableMap<Ctid, Container> containers = known;
    return containers == null ? null : containers.remove(ctid);
  }

  @Override
  public List<Container> all() {
    return List.copyOf(known().values());
  }

  @Override
  public Optional<Container> find(Ctid ctid) {
    return Optional.ofNullable(known().get(ctid));
  }

  @Override
  public Container insert(Container draft, @Nullable IdPool pool, Intent intent) {
    return orForget(() -> keep(store.insert(draft, pool, intent)));
  }

  @Override
  public void save(Container container) {
    var _ =
        orForget(() -> {
          store.save(container);
          return keep(container);
        });
  }

  @Override
  public void saveAndClear(Container container) {
    var _ =
        orForget(() -> {
          store.saveAndClear(container);
          return keep(container);
        });
  }

  @Override
  public void delete(Ctid ctid) {
    var _ =
        orForget(() -> {
          store.delete(ctid);
          return Optional.ofNullable(drop(ctid));
        });
  }

  @Override
  public void intend(Intent intent) {
    store.intend(intent);
  }

  @Override
  public void clear(Ctid ctid) {
    store.clear(ctid);
  }

  @Override
  public List<Intent> intents() {
    return store.intents();
  }
}
