package org.lamina.manager.core;

import java.io.IOException;
import java.nio.file.Path;
import org.lamina.agent.ContainerRuntime;
import org.lamina.agent.LaunchSpec;
import org.lamina.manager.core.patch.Ground;
import org.lamina.schema.Ctid;

/** The core's parts as patching sees them. */
record PatchGround(CoreParts parts) implements Ground {
  @Override
  public ContainerStore store() {
    return parts.store();
  }

  @Override
  public ContainerRuntime runtime() {
    return parts.runtime();
  }

  @Override
  public Path area(Ctid ctid) {
    return parts.config().privateArea(ctid);
  }

  @Override
  public Path delta(Ctid ctid) {
    return parts.delta(ctid);
  }

  @Override
  public Path root(Ctid ctid) {
    return parts.config().root(ctid);
  }

  @Override
  public LaunchSpec spec(Container c) {
    return parts.launchSpec(c);
  }

  @Override
  public void writeConf(Container c, Listener listener) {
    try {
      parts.areas().saveConf(c, true);
    } catch (IOException e) {
      // the database has it, and every start of the daemon writes the file again
      listener.warn("cannot write " + parts.config().veConf(c.ctid()) + ": " + e.getMessage());
    }
  }
}
