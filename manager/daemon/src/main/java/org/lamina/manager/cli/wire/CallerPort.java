package org.lamina.manager.cli.wire;

import java.util.concurrent.CompletableFuture;
import org.lamina.agent.sys.Fd;

/** What the kernel lets the daemon do with the process of a client. Thread safe. */
public interface CallerPort {
  /**
   * @throws org.lamina.schema.LaminaException if there is no such process
   */
  Handle open(int pid);

  /** Sends a descriptor through a Unix socket. */
  void send(Fd socket, Fd descriptor);

  boolean isTerminal(Fd descriptor);

  /** One process, held so that its number cannot come to mean another. */
  interface Handle extends AutoCloseable {
    int ownerUid();

    /** A duplicate of one of its descriptors; the caller closes it. */
    Fd take(int number);

    /** Completes when the process has ended; never exceptionally. */
    CompletableFuture<Void> gone();

    @Override
    void close();
  }
}
