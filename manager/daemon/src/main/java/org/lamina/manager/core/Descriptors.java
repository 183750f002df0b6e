package org.lamina.manager.core;

import org.lamina.agent.sys.Fd;

/** Descriptors for commands that the daemon itself runs inside containers. Thread safe. */
public interface Descriptors {
  /**
   * Gives these bytes, then end of file. Nothing is written to a disk.
   *
   * @param content at most 4096 bytes
   */
  Fd input(byte[] content);

  Capture capture();

  /** Takes the output of a command. */
  interface Capture extends AutoCloseable {
    /** Where the command writes; stays this object's. */
    Fd sink();

    /** The beginning of what was written, at most 4096 bytes; called when the command has ended. */
    String text();

    @Override
    void close();
  }
}
