package org.lamina.manager.wiring;

import java.util.concurrent.CompletableFuture;
import org.lamina.agent.runtime.CallerProcess;
import org.lamina.agent.runtime.LinuxContainerRuntime;
import org.lamina.agent.runtime.TerminalSender;
import org.lamina.agent.sys.Fd;
import org.lamina.manager.cli.wire.CallerPort;

/** Client processes of the scripted commands, by the runtime's means. */
record KernelCallers(LinuxContainerRuntime runtime) implements CallerPort {
  @Override
  public Handle open(int pid) {
    return new CallerHandle(runtime.caller(pid));
  }

  @Override
  public void send(Fd socket, Fd descriptor) {
    TerminalSender.send(socket, descriptor);
  }

  @Override
  public boolean isTerminal(Fd descriptor) {
    return TerminalSender.isTerminal(descriptor);
  }

  private record CallerHandle(CallerProcess process) implements Handle {
    @Override
    public int ownerUid() {
      return process.ownerUid();
    }

    @Override
    public Fd take(int number) {
      return process.take(number);
    }

    @Override
    public CompletableFuture<Void> gone() {
      return process.gone();
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
