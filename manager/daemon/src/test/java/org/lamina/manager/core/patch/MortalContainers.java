package org.lamina.manager.core.patch;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.lamina.manager.core.ContainerStore;

/** One daemon's access to a store that outlives it. */
final class MortalContainers {
  private static final Set<String> CHANGES =
      Set.of("save", "saveAndClear", "intend", "clear", "delete");

  private MortalContainers() {}

  static ContainerStore of(ContainerStore store, Points points) {
    return (ContainerStore)
        Proxy.newProxyInstance(
            ContainerStore.class.getClassLoader(),
            new Class<?>[] {ContainerStore.class},
            (proxy, method, args) -> {
              Object[] result = new Object[1];
              Runnable call =
                  () -> {
                    try {
                      result[0] = method.invoke(store, args);
                    } catch (InvocationTargetException e) {
                      throw (RuntimeException) e.getCause();
                    } catch (IllegalAccessException e) {
                      throw new IllegalStateException(e);
                    }
                  };
              if (CHANGES.contains(method.getName())) {
                points.around(method.getName(), call);
              } else {
                call.run();
              }
              return result[0];
            });
  }
}
