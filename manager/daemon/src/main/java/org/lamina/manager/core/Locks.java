package org.lamina.manager.core;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * One lock per container. An operator's command does not wait for another's; it waits a moment for
 * the daemon's own housekeeping, which the operator cannot know of. Housekeeping waits for
 * everybody. A lock may be released by another thread than the one that took it. Thread safe.
 */
public final class Locks {
  /** Longer than any sweep or restart of the daemon's own takes. */
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(15);

  private final Map<Ctid, Holder> holders = new HashMap<>();
  private final Consumer<Ctid> atRelease;

  public Locks() {
    this(ctid -> {});
  }

  /**
   * @param atRelease called with each container whose lock is about to be released, while it is
   *     still held; must not throw
   */
  Locks(Consumer<Ctid> atRelease) {
    this.atRelease = atRelease;
  }

  /**
   * Who has a lock.
   *
   * @param command verb, such as {@code start}
   * @param operation its id, or 0 for the daemon's own housekeeping
   */
  public record Holder(String command, long operation, Instant since) {
    String describe() {
      return "\""
          + command
          + "\""
          + (operation == 0 ? "" : " (operation " + operation + ")")
          + " since "
          + since.truncatedTo(ChronoUnit.SECONDS);
    }
  }

  /** A lock that was taken; closing it more than once does nothing. */
  public final class Held implements AutoCloseable {
    private final Ctid ctid;
    private final AtomicBoolean open = new AtomicBoolean(true);

    private Held(Ctid ctid) {
      this.ctid = ctid;
    }

    @Override
    public void close() {
      if (open.compareAndSet(true, false)) {
        try {
          atRelease.accept(ctid);
        } finally {
          synchronized (holders) {
            holders.remove(ctid);
            holders.notifyAll();
          }
        }
      }
    }
  }

  /**
   * @throws LaminaException LOCKED at once if somebody has it, naming who
   */
  public Held acquire(Ctid ctid, String command, long operation) {
    synchronized (holders) {
      Holder other = awaitHousekeeping(ctid);
      if (other != null) {
        throw new LaminaException(
            ExitCode.LOCKED,
            "Container " + ctid + " already locked by " + other.describe(),
            other.operation() == 0
                ? null
                : "Wait for it to end, or cancel it with: lamina operations --cancel "
                    + other.operation());
      }
      return take(ctid, command, operation);
    }
  }

  /** Who still has the lock after housekeeping had its time, or null. */
  private @Nullable Holder awaitHousekeeping(Ctid ctid) {
    long end = System.nanoTime() + HOUSEKEEPING.toNanos();
    Holder other = holders.get(ctid);
    while (other != null && other.operation() == 0) {
      long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (millis <= 0) {
        return other;
      }
      try {
        holders.wait(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return other;
      }
      other = holders.get(ctid);
    }
    return other;
  }

  /** Waits for the lock as long as it takes. */
  public Held await(Ctid ctid, String command) throws InterruptedException {
    synchronized (holders) {
      while (holders.containsKey(ctid)) {
        holders.wait();
      }
      return take(ctid, command, 0);
    }
  }

  private Held take(Ctid ctid, String command, long operation) {
    holders.put(ctid, new Holder(command, operation, Instant.now()));
    return new Held(ctid);
  }

  public Optional<Holder> holder(Ctid ctid) {
    synchronized (holders) {
      return Optional.ofNullable(holders.get(ctid));
    }
  }
}
