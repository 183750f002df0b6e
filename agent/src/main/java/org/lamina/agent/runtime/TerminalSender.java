package org.lamina.agent.runtime;

import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;

/** Hands a terminal's master to a caller over a Unix socket, so that its bytes skip the daemon. */
public final class TerminalSender {
  private TerminalSender() {}

  /** Sends the descriptor; both stay open here and are the caller's to close. */
  public static void send(Fd socket, Fd master) {
    Kernel.linux().sockets().sendDescriptor(socket, master);
  }

  /** Sets a terminal's size. */
  public static void resize(Fd master, int rows, int columns) {
    Kernel.linux().terminals().resize(master, rows, columns);
  }

  /** True for a descriptor that is a terminal, which must never be handed to the inside. */
  public static boolean isTerminal(Fd fd) {
    return Kernel.linux().terminals().isTerminal(fd);
  }
}
