package org.lamina.manager.core;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Long work on a template that cancelling its operation interrupts, and nothing else with it. */
public final class BuildThread {
  private BuildThread() {}

  /**
   * Waits for work in a thread of its own, which is interrupted when the task is cancelled.
   *
   * @param name of the thread
   * @throws RuntimeException what the work throws
   */
  public static <T> T run(String name, Task task, Supplier<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name(name)
            .start(() -> {
              try {
                result.complete(work.get());
              } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            });
    var _ = task.cancelled().thenRun(thread::interrupt);
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
