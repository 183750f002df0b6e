package org.lamina.manager.core;

import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.LaunchSpec;
import org.lamina.schema.Ctid;

/**
 * Runs commands in stopped containers; the caller holds the lock until the command has ended. A
 * mount for the host gives way first, since two mounts of one delta would corrupt each other.
 */
final class StoppedRun {
  private final CoreParts parts;

  StoppedRun(CoreParts parts) {
    this.parts = parts;
  }

  ExecHandle run(Container c, ExecSpec command) {
    Ctid ctid = c.ctid();
    LaunchSpec spec = parts.launchSpec(c);
    if (parts.isMounted(ctid)) {
      parts.runtime().umount(parts.config().root(ctid));
    }
    if (parts.runtime().traces().contains(ctid)) {
      parts.runtime().sweep(ctid);
    }
    return parts.runtime().runOnce(spec, command);
  }
}
