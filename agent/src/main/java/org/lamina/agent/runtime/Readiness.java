package org.lamina.agent.runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.proc.ProcFs;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.SocketCalls.Datagram;

/**
 * Knows when a container's init has finished booting: by READY=1 over the notification socket where
 * init sends it, else by what its processes look like from the host. Thread safe.
 */
final class Readiness {
  private static final Duration POLL = Duration.ofMillis(50);
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final Kernel kernel;
  private final EventLoop events;
  private final RunDirectory run;
  private final int init;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final Fd socket;

  /** Binds the notification socket; init may start once this returns. */
  Readiness(Kernel kernel, EventLoop events, RunDirectory run, int init, int owner) {
    this.kernel = kernel;
    this.events = events;
    this.run = run;
    this.init = init;
    if (Files.exists(run.readyFile())) {
      ready.complete(null);
    }
    this.socket = bind(owner);
    events.add(socket, this::drain);
  }

  private Fd bind(int owner) {
    String path = run.notifySocket().toString();
    try {
      Files.deleteIfExists(run.notifySocket());
      Fd bound = kernel.sockets().bindDatagram(path);
      // Writable for the container's root alone; the directory is read-only inside.
      try (Fd file = kernel.files().openDirectory(run.hostDirectory().toString())) {
        kernel.files().chownAt(file, "notify", owner, owner);
      }
      return bound;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void drain() {
    for (Datagram d = next(); d != null; d = next()) {
      // Any process inside that runs as root can write here; only init speaks for the system.
      if (d.pid() == init && d.text().lines().anyMatch("READY=1"::equals)) {
        markReady();
      }
    }
  }

  private @org.jspecify.annotations.Nullable Datagram next() {
    return kernel.sockets().receive(socket);
  }

  void markReady() {
    try {
      Files.writeString(run.readyFile(), "");
    } catch (IOException e) {
      // The run directory is being removed; nobody will ask.
    }
    ready.completeAsync(() -> null);
  }

  /** Looks from the host until the boot scripts are over; for inits that do not notify. */
  void watchFromOutside(ContainerCgroup cgroup, Entrance entrance, CompletableFuture<?> exit) {
    Thread.ofVirtual()
        .name("lamina-boot-" + init)
        .start(() -> {
          long end = System.nanoTime() + PATIENCE.toNanos();
          while (!exit.isDone() && !ready.isDone() && System.nanoTime() < end) {
            // Only known once init has been exec'ed.
            if (entrance.initKind().notifies()) {
              return;
            }
            if (bootScriptsAreOver(cgroup)) {
              markReady();
              return;
            }
            try {
              Thread.sleep(POLL);
            } catch (InterruptedException e) {
              return;
            }
          }
        });
  }

  /** True once init entered a runlevel ("init [2]") and runs no rc script any more. */
  private boolean bootScriptsAreOver(ContainerCgroup cgroup) {
    String title;
    try {
      title =
          new String(
              Files.readAllBytes(Path.of("/proc", Integer.toString(init), "cmdline")),
              StandardCharsets.UTF_8);
    } catch (IOException e) {
      return false;
    }
    return title.matches("(?s)init \\[[1-5]\\].*")
        && cgroup.processes().stream()
            .flatMap(pid -> ProcFs.HOST.stat(pid).stream())
            .noneMatch(p -> p.parent() == init && p.comm().equals("rc"));
  }

  boolean isReady() {
    return ready.isDone();
  }

  /** False if the time ran out or init ended first. */
  boolean await(Duration timeout, CompletableFuture<?> exit) {
    try {
      CompletableFuture.anyOf(ready, exit).get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
    return ready.isDone() && !exit.isDone();
  }

  void close() {
    events.remove(socket);
  }
}
