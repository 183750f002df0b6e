package org.lamina.manager.core;

import java.util.concurrent.CompletableFuture;
import org.lamina.schema.ExitCode;

/** The running side of an operation, given to the work: a listener that can be cancelled. */
public interface Task extends Listener {
  long id();

  /** Completes when somebody asked for the end; work that waits waits for this too. */
  CompletableFuture<Void> cancelled();

  /**
   * What those who ask for the operation are told though the work was done; a success unless this
   * is called. Of work inside other work, the outer one decides.
   *
   * @param message what came of it, in a line
   */
  default void ends(ExitCode code, String message) {}
}
