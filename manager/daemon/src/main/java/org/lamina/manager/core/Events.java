package org.lamina.manager.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Tells those who follow what happens, from the moment they begin. Nothing is kept for later, and
 * nobody who follows slowly holds up the work. Thread safe.
 */
public final class Events {
  private static final int MOST_FOLLOWERS = 64;
  private static final int KEPT = 1000;

  private final Set<Follower> followers = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  /** Lets everybody who follows go, because the daemon ends. */
  public void end() {
    ended = true;
    followers.forEach(Follower::wake);
  }

  /** Tells everybody who follows now. */
  public void publish(HostEvent.Type type, String target, String text) {
    if (!followers.isEmpty()) {
      HostEvent event = new HostEvent(Instant.now(), type, target, text);
      followers.forEach(f -> f.hear(event));
    }
  }

  /**
   * Begins to follow; the caller closes it.
   *
   * @throws LaminaException NO_RESOURCES if too many do, SYSTEM if the daemon is ending
   */
  public Follower follow() {
    if (ended) {
      throw new LaminaException(
          ExitCode.SYSTEM, "laminad is ending", "Follow again when it is back.");
    }
    if (followers.size() >= MOST_FOLLOWERS) {
      throw new LaminaException(
          ExitCode.NO_RESOURCES,
          MOST_FOLLOWERS + " readers follow events already",
          "End some of them.");
    }
    Follower follower = new Follower();
    followers.add(follower);
    return follower;
  }

  /** One who listens. For one thread. */
  public final class Follower implements AutoCloseable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition heard = lock.newCondition();
    private final Deque<HostEvent> waiting = new ArrayDeque<>();
    private long missed;

    private Follower() {}

    private void hear(HostEvent event) {
      lock.lock();
      try {
        if (waiting.size() == KEPT) {
          missed++;
        } else {
          waiting.add(event);
        }
        heard.signal();
      } finally {
        lock.unlock();
      }
    }

    private void wake() {
      lock.lock();
      try {
        heard.signal();
      } finally {
        lock.unlock();
      }
    }

    /** Whether nothing more will come. */
    public boolean ended() {
      return ended;
    }

    /** The next event, or empty if there was none in that time. */
    public Optional<HostEvent> next(Duration time) throws InterruptedException {
      lock.lock();
      try {
        long left = time.toNanos();
        while (waiting.isEmpty() && left > 0 && !ended) {
          left = heard.awaitNanos(left);
        }
        HostEvent event = waiting.poll();
        if (event != null && waiting.isEmpty() && missed > 0) {
          waiting.add(
              new HostEvent(
                  Instant.now(), HostEvent.Type.MISSED, "-", missed + " events were not heard"));
          missed = 0;
        }
        return Optional.ofNullable(event);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      followers.remove(this);
    }
  }
}
