package org.lamina.manager.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerStore;
import org.lamina.manager.core.ContainerStoreContract;
import org.lamina.manager.core.InMemoryContainerStore;
import org.lamina.manager.core.Intent;
import org.lamina.schema.Ctid;

class CachedContainerStoreTest extends ContainerStoreContract {
  private static final Ctid CTID = new Ctid(101);

  private final InMemoryContainerStore inner = new InMemoryContainerStore();
  private final List<String> asked = new ArrayList<>();
  private boolean failsAfterwards;
  private final ContainerStore store = new CachedContainerStore(watched());

  /** The inner store, with what it is asked for written down. */
  private ContainerStore watched() {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          asked.add(method.getName());
          try {
            Object result = method.invoke(inner, arguments);
            if (failsAfterwards && method.getName().startsWith("save")) {
              throw new IllegalStateException("the disk went away");
            }
            return result;
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return (ContainerStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(), new Class<?>[] {ContainerStore.class}, handler);
  }

  @Override
  protected ContainerStore store() {
    return store;
  }

  private Container created() {
    return store.insert(sample(101, "web"), null, Intent.of(CTID, Intent.Kind.CREATING));
  }

  private static Container changed(Container c) {
    return c.edit().disabled(true).build();
  }

  @Test
  void readers_askTheStoreOnce() {
    Container c = created();
    store.saveAndClear(changed(c));
    for (int i = 0; i < 3; i++) {
      assertThat(store.all()).containsExactly(changed(c));
      assertThat(store.find(CTID)).contains(changed(c));
      assertThat(store.findByName("web")).contains(changed(c));
      assertThat(store.dependents(c.template())).containsExactly(changed(c));
    }
    assertThat(asked).containsExactly("insert", "saveAndClear", "all");
  }

  @Test
  void whatIsKnown_followsEveryChange() {
    assertThat(store.all()).isEmpty();
    Container c = created();
    assertThat(store.all()).containsExactly(c);
    store.save(changed(c));
    assertThat(store.find(CTID)).contains(changed(c));
    store.delete(CTID);
    assertThat(store.find(CTID)).isEmpty();
    assertThat(store.findByName("web")).isEmpty();
    assertThat(asked).containsExactly("all", "insert", "save", "delete");
  }

  /** The change may have reached the store or not: only the store can say. */
  @Test
  void aChangeThatFailed_hasEverythingReadAgain() {
    Container c = created();
    assertThat(store.find(CTID)).contains(c);
    failsAfterwards = true;
    assertThatThrownBy(() -> store.save(changed(c))).isInstanceOf(IllegalStateException.class);
    assertThat(store.find(CTID)).contains(changed(c));
    assertThat(asked).containsExactly("insert", "all", "save", "all");
  }
}
