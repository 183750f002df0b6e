package org.lamina.manager.core.patch;

import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.Task;

/** Stops and starts containers whose lock the caller holds. Thread safe. */
public interface Lifecycle {
  /** Stops it as for a restart: the next daemon starts it again if this one ends before. */
  Container stop(Container c, RunningContainer running, Task task);

  /** Starts it and follows it from then on; returns when init was executed. */
  RunningContainer start(Container c, Task task);
}
