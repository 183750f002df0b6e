package org.lamina.manager.cli.wire;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.sys.Fd;
import org.lamina.manager.cli.Caller;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** A client behind one request. Its process is opened when something of it is needed first. */
final class ConnectedCaller implements Caller, AutoCloseable {
  private static final int SIGHUP = 1;
  private static final int SIGKILL = 9;
  private static final long GRACE_MILLIS = 2000;

  private final CallerClaim claim;
  private final int uid;
  private final CallerPort port;
  private final Sessions sessions;
  private final FrameWriter frames;
  private CallerPort.@Nullable Handle handle;

  ConnectedCaller(
      CallerClaim claim, int uid, CallerPort port, Sessions sessions, FrameWriter frames) {
    this.claim = claim;
    this.uid = uid;
    this.port = port;
    this.sessions = sessions;
    this.frames = frames;
  }

  /** The claimed process, once its owner was found to be the socket's peer. */
  private synchronized CallerPort.Handle process() {
    CallerPort.Handle opened = handle;
    if (opened == null) {
      opened = port.open(claim.pid());
      if (opened.ownerUid() != uid) {
        opened.close();
        throw new LaminaException(
            ExitCode.PERMISSION_DENIED,
            "process " + claim.pid() + " does not belong to the caller of this socket");
      }
      handle = opened;
    }
    return opened;
  }

  @Override
  public boolean terminal(int descriptor) {
    return claim.terminals().get(descriptor);
  }

  @Override
  public ExecSpec.TerminalSize size() {
    return claim.size();
  }

  @Override
  public String term() {
    return claim.term();
  }

  @Override
  public Taken takeStdio() {
    List<Fd> taken = new ArrayList<>();
    try {
      for (int number : claim.stdio()) {
        Fd fd = process().take(number);
        taken.add(fd);
        if (port.isTerminal(fd)) {
          throw new LaminaException(
              ExitCode.PERMISSION_DENIED,
              "descriptor " + number + " of the caller is a terminal, which is never passed inside",
              "Use vzctl enter for a terminal of the container's own.");
        }
      }
    } catch (RuntimeException e) {
      taken.forEach(Fd::close);
      throw e;
    }
    return new TakenStdio(new ExecSpec.Stdio(taken.get(0), taken.get(1), taken.get(2)));
  }

  private record TakenStdio(ExecSpec.Stdio stdio) implements Taken {
    @Override
    public void close() {
      stdio.in().close();
      stdio.out().close();
      stdio.err().close();
    }
  }

  @Override
  public Fd takeFile() {
    Integer number = claim.file();
    if (number == null) {
      throw new LaminaException(ExitCode.USAGE, "the client opened no file for this command");
    }
    return process().take(number);
  }

  @Override
  public CompletableFuture<Void> gone() {
    return process().gone();
  }

  @Override
  public int attach(ExecHandle running) {
    try (Sessions.Opened session = sessions.open(uid, running::signal)) {
      frames.process(session.id());
      return await(running);
    }
  }

  @Override
  public int enter(ExecHandle running) {
    try (Sessions.Opened session = sessions.open(uid, running::signal)) {
      try (Fd master =
              running
                  .terminal()
                  .orElseThrow(
                      () -> new LaminaException(ExitCode.SYSTEM, "the session has no terminal"));
          Fd control = process().take(claim.control())) {
        port.send(control, master);
      } catch (RuntimeException e) {
        hangUp(running);
        throw e;
      }
      frames.terminal(session.id());
      return await(running);
    }
  }

  @Override
  public Session showConsole(Fd master, Path log, IntConsumer signals) {
    try (Fd control = process().take(claim.control())) {
      port.send(control, master);
    }
    Sessions.Opened session = sessions.open(uid, signals);
    frames.console(session.id(), log.toString());
    return session;
  }

  private int await(ExecHandle running) {
    CompletableFuture.anyOf(running.exit(), gone()).join();
    if (!running.exit().isDone()) {
      hangUp(running);
    }
    return running.exit().join();
  }

  /** As a terminal's end does: SIGHUP, and for what ignores it SIGKILL. */
  private static void hangUp(ExecHandle running) {
    running.signal(SIGHUP);
    running
        .exit()
        .copy()
        .completeOnTimeout(-1, GRACE_MILLIS, TimeUnit.MILLISECONDS)
        .thenAccept(code -> kill(running, code))
        .join();
  }

  private static void kill(ExecHandle running, int code) {
    if (code < 0) {
      running.signal(SIGKILL);
    }
  }

  @Override
  public synchronized void close() {
    if (handle != null) {
      handle.close();
      handle = null;
    }
  }
}
