package org.lamina.manager.core;

import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.patch.Lifecycle;

/** Restarts in the course of a roll-out, without the lines that an operator of one would read. */
record PatchLifecycle(CoreParts parts, ContainerBoot boot, ContainerHalt halt, Watcher watcher)
    implements Lifecycle {
  @Override
  public Container stop(Container c, RunningContainer running, Task task) {
    halt.stop(c, running, false, ContainerHalt.Then.START_AGAIN, new QuietTask(task));
    return parts.require(c.ctid());
  }

  @Override
  public RunningContainer start(Container c, Task task) {
    RunningContainer running = boot.start(c, true, Intents.AGAIN, new QuietTask(task));
    watcher.watch(running);
    return running;
  }
}
