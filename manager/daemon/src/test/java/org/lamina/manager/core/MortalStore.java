package org.lamina.manager.core;

import java.util.List;
import java.util.Optional;
import org.lamina.schema.Ctid;

/** One daemon's access to a store that outlives it. */
final class MortalStore implements ContainerStore {
  private final ContainerStore store;
  private final Life life;

  MortalStore(ContainerStore store, Life life) {
    this.store = store;
    this.life = life;
  }

  private void change(String name, Runnable change) {
    life.point(name + " before");
    change.run();
    life.point(name + " after");
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
  public Optional<Container> findByName(String name) {
    return store.findByName(name);
  }

  @Override
  public List<Container> dependents(String template) {
    return store.dependents(template);
  }

  @Override
  public Container insert(Container draft, IdPool pool, Intent intent) {
    life.point("insert before");
    Container inserted = store.insert(draft, pool, intent);
    life.point("insert after");
    return inserted;
  }

  @Override
  public void save(Container container) {
    change("save", () -> store.save(container));
  }

  @Override
  public void saveAndClear(Container container) {
    change("saveAndClear", () -> store.saveAndClear(container));
  }

  @Override
  public void intend(Intent intent) {
    change("intend", () -> store.intend(intent));
  }

  @Override
  public void clear(Ctid ctid) {
    change("clear", () -> store.clear(ctid));
  }

  @Override
  public void delete(Ctid ctid) {
    change("delete", () -> store.delete(ctid));
  }

  @Override
  public List<Intent> intents() {
    return store.intents();
  }
}
