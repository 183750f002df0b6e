package org.lamina.manager.cli;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.sys.Fd;

/** The process that typed a command: its terminal, its descriptors, its end. Thread safe. */
public interface Caller {
  /** True if its descriptor 0, 1 or 2 is a terminal. */
  boolean terminal(int descriptor);

  ExecSpec.TerminalSize size();

  /** Its TERM. */
  String term();

  /** Its standard descriptors, never terminals; close when the process that gets them runs. */
  Taken takeStdio();

  /** The file the client opened for a command that names one; the caller of this closes it. */
  Fd takeFile();

  /** Completes when it is gone. */
  CompletableFuture<Void> gone();

  /** Waits for a process on the caller's descriptors; it ends when the caller does. */
  int attach(ExecHandle process);

  /** Hands the process's terminal to the caller and waits for its end likewise. */
  int enter(ExecHandle process);

  /**
   * Hands a console to the caller and returns.
   *
   * @param signals told a number when the caller asks for a signal to what runs there
   * @return closes the console's session
   */
  Session showConsole(Fd master, Path log, IntConsumer signals);

  /** Three descriptors until they are closed. */
  interface Taken extends AutoCloseable {
    ExecSpec.Stdio stdio();

    @Override
    void close();
  }

  /** Something the caller can send signals to until it is closed. */
  interface Session extends AutoCloseable {
    @Override
    void close();
  }
}
