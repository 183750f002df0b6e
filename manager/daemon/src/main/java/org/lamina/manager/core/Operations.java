package org.lamina.manager.core;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Long work with an id, a state, followers and a history. Thread safe.
 *
 * <p>Work started inside other work of the same thread joins it instead of becoming an operation of
 * its own.
 */
public interface Operations {
  /** Runs the work in this thread and tells the listener; what it throws comes through. */
  <T> T run(String kind, String target, Listener listener, Function<Task, T> work);

  /** Starts the work in a thread of its own and returns at once. */
  Operation submit(String kind, String target, Function<Task, ?> work);

  Optional<Operation> find(long id);

  /** The newest first, running ones included. */
  List<Operation> latest(int limit);

  /** Asks a running operation to end early; false if it is not running. */
  boolean cancel(long id);

  /**
   * Tells the listener everything said so far and from now on, and returns when the operation has
   * ended; at once for one of the history.
   *
   * @throws org.lamina.schema.LaminaException BAD_PARAMETER for an unknown id
   */
  Operation follow(long id, Listener listener) throws InterruptedException;
}
