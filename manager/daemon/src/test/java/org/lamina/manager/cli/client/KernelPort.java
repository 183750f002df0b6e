package org.lamina.manager.cli.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.manager.cli.wire.CallerPort;

/** The real descriptors of the client process, by the kernel alone. */
final class KernelPort implements CallerPort {
  private final Kernel kernel = Kernel.linux();

  @Override
  public Handle open(int pid) {
    Fd pidfd = kernel.processes().pidfd(pid);
    CompletableFuture<Void> gone = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (!kernel.processes().poll(new int[] {pidfd.number()}, 200)[0]) {
            Thread.onSpinWait();
          }
          gone.complete(null);
        });
    return new Handle() {
      @Override
      public int ownerUid() {
        return uidOf(pid);
      }

      @Override
      public Fd take(int number) {
        return kernel.processes().takeDescriptor(pidfd, number);
      }

      @Override
      public CompletableFuture<Void> gone() {
        return gone;
      }

      @Override
      public void close() {
        var _ = gone.thenRun(pidfd::close);
      }
    };
  }

  static int uidOf(long pid) {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/" + pid), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void send(Fd socket, Fd descriptor) {
    kernel.sockets().sendDescriptor(socket, descriptor);
  }

  @Override
  public boolean isTerminal(Fd descriptor) {
    return kernel.terminals().isTerminal(descriptor);
  }
}
