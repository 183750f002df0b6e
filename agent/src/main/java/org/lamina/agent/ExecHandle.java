package org.lamina.agent;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.lamina.agent.sys.Fd;

/** A command running inside a container. Thread safe. */
public interface ExecHandle {
  /** Process id on the host of the outermost helper; its process group is the command's. */
  int pid();

  /** Exit code 0..255, or 128 + signal. Never completes exceptionally. */
  CompletableFuture<Integer> exit();

  /** Sends a signal to the command's process group; does nothing when it has ended. */
  void signal(int number);

  /** The pty master when a terminal was asked for. The caller closes it. */
  Optional<Fd> terminal();
}
