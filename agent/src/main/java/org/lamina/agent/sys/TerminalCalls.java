package org.lamina.agent.sys;

/** Pseudo terminals of a given devpts instance; see pts(4), ioctl_tty(2). */
public interface TerminalCalls {
  /** f_type of devpts. */
  long DEVPTS_MAGIC = 0x1cd1;

  /** Unlocks a pty master and returns the number of its slave. */
  int unlock(Fd master);

  /** Opens the slave by its master alone (TIOCGPTPEER), whatever paths say. */
  Fd openPeer(Fd master);

  void resize(Fd master, int rows, int columns);

  boolean isTerminal(Fd fd);
}
