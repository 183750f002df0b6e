package org.lamina.manager.cli.client;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;

/** A process of this one, standing for a command inside a container. */
final class Child implements ExecHandle {
  private final int pid;
  private final CompletableFuture<Integer> exit = new CompletableFuture<>();
  private @Nullable Fd terminal;

  Child(int pid) {
    this.pid = pid;
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          Integer status = null;
          while (status == null) {
            status = Kernel.linux().processes().reap(pid);
            if (status == null) {
              sleep();
            }
          }
          exit.complete((status & 127) == 0 ? status >> 8 : 128 + (status & 127));
        });
  }

  /** The same process, with a terminal to hand out. */
  Child with(Fd master) {
    terminal = master;
    return this;
  }

  private static void sleep() {
    try {
      Thread.sleep(2);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public int pid() {
    return pid;
  }

  @Override
  public CompletableFuture<Integer> exit() {
    return exit;
  }

  @Override
  public void signal(int number) {
    try {
      Kernel.linux().processes().signalGroup(pid, number);
    } catch (KernelException e) {
      assert exit.isDone() : e;
    }
  }

  @Override
  public Optional<Fd> terminal() {
    return Optional.ofNullable(terminal);
  }
}
