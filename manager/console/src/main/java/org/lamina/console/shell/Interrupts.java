package org.lamina.console.shell;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What Ctrl-C does at the moment. Thread safe; one piece of work at a time. */
public final class Interrupts {
  private final AtomicReference<@Nullable Runnable> now = new AtomicReference<>();

  /** Until the result is closed, an interrupt runs this, in a thread of the terminal's. */
  public Watch during(Runnable action) {
    now.set(action);
    return () -> now.compareAndSet(action, null);
  }

  /** Somebody pressed Ctrl-C; false if nothing here wanted to know. */
  public boolean fire() {
    Runnable action = now.get();
    if (action != null) {
      action.run();
    }
    return action != null;
  }

  /** The time in which an interrupt has a meaning. */
  @FunctionalInterface
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
