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

  /** Runs the work and waits; exceptions come through as they were thrown. */
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

  public static void run(String name, Runnable work) {
    call(
        name,
        () -> {
          work.run();
          return Boolean.TRUE;
        });
  }
}
