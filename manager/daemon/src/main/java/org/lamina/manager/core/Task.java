package org.lamina.manager.core;

import java.util.concurrent.CompletableFuture;

/** The running side of an operation, given to the work: a listener that can be cancelled. */
public interface Task extends Listener {
  long id();

  /** Completes when somebody asked for the end; work that waits waits for this too. */
  CompletableFuture<Void> cancelled();
}
