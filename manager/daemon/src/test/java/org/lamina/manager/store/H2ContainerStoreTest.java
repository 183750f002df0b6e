package org.lamina.manager.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerStore;
import org.lamina.manager.core.ContainerStoreContract;
import org.lamina.manager.core.Intent;
import org.lamina.schema.Ctid;

class H2ContainerStoreTest extends ContainerStoreContract {
  @TempDir Path dir;
  private Database database;
  private ContainerStore store;

  @BeforeEach
  void open() {
    database = Database.open(dir.resolve("db"));
    store = new H2ContainerStore(database);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  protected ContainerStore store() {
    return store;
  }

  @Test
  void whatWasSaved_isThereAfterOpeningAgain() {
    Container c =
        store.insert(full(101), null, Intent.of(new Ctid(101), Intent.Kind.CREATING, "x"));
    database.close();
    open();

    assertThat(store.all()).containsExactly(c);
    assertThat(store.intents()).extracting(Intent::data).containsExactly("x");
  }

  /** More at once than there are connections, for long enough to meet in every order. */
  @Test
  void manyAtOnce_neverWaitForEachOther() throws Exception {
    for (int ctid = 101; ctid <= 110; ctid++) {
      var _ = store.insert(full(ctid), null, Intent.of(new Ctid(ctid), Intent.Kind.CREATING));
    }
    AtomicInteger done = new AtomicInteger();
    try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 60; i++) {
        Ctid ctid = new Ctid(101 + i % 10);
        pool.execute(() -> {
          for (int round = 0; round < 5; round++) {
            Container c = store.find(ctid).orElseThrow();
            store.intend(Intent.of(ctid, Intent.Kind.STARTING));
            store.saveAndClear(c);
            assertThat(store.findByName("web " + ctid)).isPresent();
            assertThat(store.all()).hasSize(10);
          }
          done.incrementAndGet();
        });
      }
      pool.shutdown();
      assertThat(pool.awaitTermination(25, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(done).hasValue(60);
  }
}
