package org.lamina.manager.core;

import java.util.concurrent.CompletableFuture;

/** Lets warnings through and nothing else. */
record QuietTask(Task task) implements Task {
  @Override
  public long id() {
    return task.id();
  }

  @Override
  public CompletableFuture<Void> cancelled() {
    return task.cancelled();
  }

  @Override
  public void say(String line) {}

  @Override
  public void warn(String line) {
    task.warn(line);
  }

  @Override
  public void report(int percent, String message) {}
}
