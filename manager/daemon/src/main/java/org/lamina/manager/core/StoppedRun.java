package org.lamina.manager.core;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.sys.Fd;
import org.lamina.schema.Ctid;

/**
 * Runs commands in stopped containers; the caller holds the lock until the command has ended. A
 * mount for the host gives way meanwhile, since two mounts of one delta would corrupt each other.
 */
final class StoppedRun {
  private final CoreParts parts;

  StoppedRun(CoreParts parts) {
    this.parts = parts;
  }

  ExecHandle run(Container c, ExecSpec command) {
    Ctid ctid = c.ctid();
    LaunchSpec spec = parts.launchSpec(c);
    boolean mounted = parts.isMounted(ctid);
    if (mounted) {
      parts.runtime().umount(parts.config().root(ctid));
    }
    if (parts.runtime().traces().contains(ctid)) {
      parts.runtime().sweep(ctid);
    }
    ExecHandle handle;
    try {
      handle = parts.withHeadroom(c, () -> parts.runtime().runOnce(spec, command));
    } catch (RuntimeException e) {
      if (mounted) {
        parts.mount(c, spec);
      }
      throw e;
    }
    return mounted ? new MountedAgain(handle, exit(c, handle, spec)) : handle;
  }

  /** Completes when the container is mounted again, whatever the command answered. */
  private CompletableFuture<Integer> exit(Container c, ExecHandle handle, LaunchSpec spec) {
    return handle.exit().whenComplete((code, e) -> parts.mount(c, spec));
  }

  /** A command after which something is left to do. */
  private record MountedAgain(ExecHandle handle, CompletableFuture<Integer> exit)
      implements ExecHandle {
    @Override
    public int pid() {
      return handle.pid();
    }

    @Override
    public void signal(int number) {
      handle.signal(number);
    }

    @Override
    public Optional<Fd> terminal() {
      return handle.terminal();
    }
  }
}
