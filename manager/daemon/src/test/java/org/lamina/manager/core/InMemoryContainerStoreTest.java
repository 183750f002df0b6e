package org.lamina.manager.core;

class InMemoryContainerStoreTest extends ContainerStoreContract {
  private final ContainerStore store = new InMemoryContainerStore();

  @Override
  protected ContainerStore store() {
    return store;
  }
}
