package org.lamina.manager.wiring;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Gives memory back after work. Java collects when it needs room, so a daemon that waits would keep
 * all that its last roll-out took. Collecting once more, when nothing was collected for a while,
 * lets the heap shrink (see the options in the launch script) and forgets what is only kept for
 * speed. Not thread safe.
 */
final class IdleHeap {
  /** Longer than softly held manifests are kept for, which is a second for each free megabyte. */
  private static final Duration INTERVAL = Duration.ofMinutes(2);

  private final LongSupplier collections;
  private final Runnable collect;
  private long seen;
  private long settled;

  /**
   * @param collections how many there were
   * @param collect makes one or more
   */
  IdleHeap(LongSupplier collections, Runnable collect) {
    this.collections = collections;
    this.collect = collect;
  }

  /** To be called at intervals: collects if there was work before the last one and none since. */
  void look() {
    long now = collections.getAsLong();
    if (now == seen && now != settled) {
      collect.run();
      now = collections.getAsLong();
      settled = now;
    }
    seen = now;
  }

  /** Looks after this process from now on, in the background. */
  static void watch() {
    Thread.ofPlatform()
        .daemon()
        .name("idle-heap")
        .start(() -> {
          try {
            IdleHeap heap = new IdleHeap(IdleHeap::collections, IdleHeap::collect);
            while (true) {
              Thread.sleep(INTERVAL);
              heap.look();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
  }

  /** Softly held objects age by the time of the collection before. */
  private static void collect() {
    System.gc();
    System.gc();
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
        .sum();
  }
}
