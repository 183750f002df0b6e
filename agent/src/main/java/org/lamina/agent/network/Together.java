package org.lamina.agent.network;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Runs what waits for programs side by side. Thread safe. */
public final class Together {
  private static final Executor THREADS =
      work -> Thread.ofPlatform().daemon().name("network").start(work);

  private Together() {}

  /** Returns when both have ended; the first's failure is thrown, then the second's. */
  public static void run(Runnable first, Runnable second) {
    CompletableFuture<Void> other = CompletableFuture.runAsync(second, THREADS);
    RuntimeException failure = null;
    try {
      first.run();
    } catch (RuntimeException e) {
      failure = e;
    }
    try {
      other.join();
    } catch (CompletionException e) {
      if (failure == null && e.getCause() instanceof RuntimeException cause) {
        failure = cause;
      } else if (failure == null) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
