package org.lamina.manager.core;

import java.util.List;
import java.util.Optional;

/** The history of operations, kept across daemon starts. Thread safe. */
public interface OperationJournal {
  /** The highest id ever given, 0 in the beginning. */
  long lastId();

  /** Adds an operation or replaces the one with its id. */
  void put(Operation operation);

  Optional<Operation> find(long id);

  /** The newest first. */
  List<Operation> latest(int limit);

  /** Marks what still counts as running as INTERRUPTED and forgets all but the newest. */
  void settle(int keep);
}
