package org.lamina.agent.sys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a kernel thread does to itself stays with it. */
class KernelThreadIT {
  private static final int CAP_WAKE_ALARM = 35;
  private static final int CALLERS = 200;

  static {
    // Read when the first virtual thread is made: room for carriers that are not there yet.
    System.setProperty("jdk.virtualThreadScheduler.parallelism", "64");
    System.setProperty("jdk.virtualThreadScheduler.maxPoolSize", "256");
  }

  /**
   * Carriers of virtual threads are started when they are needed, by whoever wakes a virtual
   * thread, and inherit all of that thread's attributes.
   */
  @Test
  void virtualCallers_neverMakeACopyOfTheThread() throws Exception {
    Kernel kernel = Kernel.linux();
    Set<String> before = boundingSets();
    try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch all = new CountDownLatch(CALLERS);
      for (int i = 0; i < CALLERS; i++) {
        callers.execute(() ->
            KernelThread.run(
                "marked",
                () -> {
                  kernel.processes().dropFromBoundingSet(CAP_WAKE_ALARM);
                  awaitAll(all);
                }));
        // One after the other: while they wait, one carrier does for all.
        while (all.getCount() > CALLERS - i - 1) {
          Thread.onSpinWait();
        }
      }
      callers.shutdown();
      assertThat(callers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(boundingSets()).isEqualTo(before).hasSize(1);
  }

  /** All end at one time, so that their callers need more carriers than there are. */
  private static void awaitAll(CountDownLatch all) {
    all.countDown();
    try {
      assertThat(all.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Set<String> boundingSets() throws IOException {
    Set<String> all = new TreeSet<>();
    try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
      for (Path task : tasks) {
        try {
          Files.readAllLines(task.resolve("status")).stream()
              .filter(line -> line.startsWith("CapBnd:"))
              .forEach(all::add);
        } catch (NoSuchFileException e) {
          // It has ended.
        }
      }
    }
    return all;
  }
}
