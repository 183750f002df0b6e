package org.lamina.manager.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lamina.schema.Ctid;

/** Ends loops of containers that reboot as soon as they are up. Thread safe. */
final class RebootBrake {
  private static final int MOST = 6;
  private static final long WINDOW = Duration.ofMinutes(1).toNanos();

  private final Map<Ctid, Deque<Long>> reboots = new ConcurrentHashMap<>();

  /** False from the seventh reboot within a minute on. */
  boolean mayReboot(Ctid ctid) {
    long now = System.nanoTime();
    Deque<Long> times = reboots.computeIfAbsent(ctid, c -> new ArrayDeque<>());
    synchronized (times) {
      times.removeIf(t -> now - t > WINDOW);
      if (times.size() >= MOST) {
        return false;
      }
      times.addLast(now);
      return true;
    }
  }
}
