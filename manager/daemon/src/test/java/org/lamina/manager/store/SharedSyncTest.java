package org.lamina.manager.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SharedSyncTest {
  private final AtomicInteger runs = new AtomicInteger();
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore goOn = new Semaphore(0);
  private volatile boolean fails;

  private final SharedSync sync =
      new SharedSync(() -> {
        runs.incrementAndGet();
        begun.release();
        goOn.acquireUninterruptibly();
        if (fails) {
          throw new SQLException("no room");
        }
      });

  private static void awaitBlocked(Thread thread) throws InterruptedException {
    while (thread.getState() != Thread.State.WAITING) {
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  @Test
  void oneAfterTheOther_eachHasItsOwn() throws Exception {
    goOn.release(2);
    sync.await();
    sync.await();
    assertThat(runs).hasValue(2);
  }

  /** What is under way may have begun before their commit, so it does not count for them. */
  @Test
  void thoseWhoComeMeanwhile_shareTheNext() throws Exception {
    try (ExecutorService pool = Executors.newCachedThreadPool()) {
      Future<?> first = pool.submit(this::await);
      begun.acquire();
      List<Future<?>> others = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        Thread[] thread = new Thread[1];
        Semaphore there = new Semaphore(0);
        others.add(
            pool.submit(() -> {
              thread[0] = Thread.currentThread();
              there.release();
              return await();
            }));
        there.acquire();
        threads.add(thread[0]);
      }
      for (Thread thread : threads) {
        awaitBlocked(thread);
      }
      goOn.release();
      first.get();
      begun.acquire();
      assertThat(others).noneMatch(Future::isDone);
      goOn.release();
      for (Future<?> other : others) {
        other.get();
      }
    }
    assertThat(runs).hasValue(2);
  }

  @Test
  void aFailure_isItsCallersOwn_andTheNextTriesAgain() throws Exception {
    try (ExecutorService pool = Executors.newCachedThreadPool()) {
      Future<?> first = pool.submit(this::await);
      begun.acquire();
      Thread waiting = Thread.ofPlatform().start(this::awaitQuietly);
      awaitBlocked(waiting);
      fails = true;
      goOn.release();
      assertThatThrownBy(first::get).hasRootCauseInstanceOf(SQLException.class);
      begun.acquire();
      fails = false;
      goOn.release();
      waiting.join();
    }
    assertThat(runs).hasValue(2);
  }

  /** An interrupted thread that touches a file channel closes it for everybody. */
  @Test
  void anInterruption_waitsUntilTheForceIsOver() throws Exception {
    AtomicInteger interrupted = new AtomicInteger();
    SharedSync asked =
        new SharedSync(() -> {
          if (Thread.currentThread().isInterrupted()) {
            interrupted.incrementAndGet();
          }
        });
    Thread.currentThread().interrupt();
    asked.await();
    assertThat(Thread.interrupted()).as("afterwards").isTrue();
    assertThat(interrupted).as("meanwhile").hasValue(0);
  }

  private boolean await() throws SQLException {
    sync.await();
    return true;
  }

  private void awaitQuietly() {
    try {
      sync.await();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
