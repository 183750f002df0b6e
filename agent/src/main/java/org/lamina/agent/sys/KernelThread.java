package org.lamina.agent.sys;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/**
 * Runs one piece of work on a platform thread that is thrown away afterwards, because namespaces,
 * seccomp filters, bounding sets and file-system ids are attributes of a thread that cannot be
 * given back.
 *
 * <p>Work that enters another mount namespace can open nothing of the host any more, classes of
 * this program included: what it throws is loaded here beforehand, the rest must have been used
 * before.
 */
public final class KernelThread {
  private static final int STACK_BYTES = 256 * 1024;

  static {
    // KernelException's constructor pulls in the table of error numbers.
    new KernelException("preload", 0, "").fillInStackTrace();
  }

  private KernelThread() {}

  /**
   * Runs the work and waits; exceptions come through as they were thrown.
   *
   * <p>The caller waits for the thread's end and for nothing that the thread itself would wake it
   * by: waking a virtual thread may start a new carrier, which would be a copy of this thread, with
   * its namespaces and filters, and go on to serve other callers.
   */
  public static <T> T call(String name, Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Runnable body =
        () -> {
          try {
            result.complete(work.get());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        };
    Thread thread = new Thread(null, body, name, STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    awaitEnd(thread);
    try {
      return result.join();
    } catch (CompletionException e) {
      Throwable cause = e.getCause();
      switch (cause) {
        case RuntimeException r -> throw r;
        case Error r -> throw r;
        case null, default -> throw e;
      }
    }
  }

  /** An interrupt is for the caller to see later: half-done work could not be undone. */
  private static void awaitEnd(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  public static void run(String name, Runnable work) {
    call(
        name,
        () -> {
          work.run();
          return Boolean.TRUE;
        });
  }
}
