package org.lamina.manager.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntConsumer;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.sys.Fd;

/**
 * A caller without a process; its descriptors are numbers that count how often they were closed.
 */
public final class FakeCaller implements Caller {
  public boolean terminal;
  public final List<Integer> closed = new ArrayList<>();
  public final CompletableFuture<Void> gone = new CompletableFuture<>();
  public final List<String> shown = new ArrayList<>();
  public IntConsumer consoleSignals;

  private Fd fd(int number) {
    return new Fd(number, closed::add);
  }

  @Override
  public boolean terminal(int descriptor) {
    return terminal;
  }

  @Override
  public ExecSpec.TerminalSize size() {
    return new ExecSpec.TerminalSize(50, 132);
  }

  @Override
  public String term() {
    return "xterm-256color";
  }

  @Override
  public Taken takeStdio() {
    ExecSpec.Stdio stdio = new ExecSpec.Stdio(fd(100), fd(101), fd(102));
    return new Taken() {
      @Override
      public ExecSpec.Stdio stdio() {
        return stdio;
      }

      @Override
      public void close() {
        stdio.in().close();
        stdio.out().close();
        stdio.err().close();
      }
    };
  }

  @Override
  public Fd takeFile() {
    return fd(103);
  }

  @Override
  public CompletableFuture<Void> gone() {
    return gone;
  }

  @Override
  public int attach(ExecHandle process) {
    shown.add("attach");
    return process.exit().join();
  }

  @Override
  public int enter(ExecHandle process) {
    shown.add("enter");
    return process.exit().join();
  }

  @Override
  public Session showConsole(Fd master, Path log, IntConsumer signals) {
    shown.add("console " + log);
    consoleSignals = signals;
    return () -> shown.add("console closed");
  }
}
