package org.lamina.agent.runtime;

import static org.lamina.agent.sys.MountCalls.NEW_NS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.lamina.agent.TreeSwitch;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.mount.DeltaStack;
import org.lamina.agent.mount.OverlayMounts;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.KernelThread;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Exchanges a tree of a running container: a new overlay is built aside, the old one is made
 * read-only (which the kernel refuses while a file is open for writing, so nothing can be lost),
 * and the new one takes its place.
 */
final class LiveSwitch {
  private static final int ATTEMPTS = 20;
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Kernel kernel;
  private final ContainerCgroup cgroup;
  private final RunState state;

  LiveSwitch(Kernel kernel, ContainerCgroup cgroup, RunState state) {
    this.kernel = kernel;
    this.cgroup = cgroup;
    this.state = state;
  }

  TreeSwitch exchange(String tree, List<Path> layers, Path delta) {
    Path pair = DeltaStack.nextPair(delta, tree);
    DeltaStack before = DeltaStack.of(delta, tree);
    makePair(pair, before.upper());
    DeltaStack after = DeltaStack.of(delta, tree);
    try (Fd overlay = build(after, layers, tree)) {
      Sandboxes sandboxes = Sandboxes.of(kernel, cgroup, state.init(), "/" + tree);
      Duration readOnly =
          KernelThread.call("lamina-switch", () -> exchangeInside(tree, overlay, before.upper()));
      return sandboxes.restore(readOnly);
    } catch (RuntimeException e) {
      removePair(pair);
      throw e instanceof KernelException k && k.is(Errno.EBUSY) ? busy(tree, k) : e;
    }
  }

  private Fd build(DeltaStack stack, List<Path> layers, String tree) {
    OverlayMounts overlays = new OverlayMounts(kernel);
    if (state.idBase() == 0) {
      return overlays.detached(stack, layers, tree, null, 0);
    }
    try (Fd ids =
        kernel.files().open("/proc/" + state.init() + "/ns/user", FileCalls.O_RDONLY, 0)) {
      return overlays.detached(stack, layers, tree, ids, 0);
    }
  }

  private Duration exchangeInside(String tree, Fd overlay, Path upper) {
    String path = "/" + tree;
    try (Fd namespace =
            kernel.files().open("/proc/" + state.init() + "/ns/mnt", FileCalls.O_RDONLY, 0);
        Fd data = kernel.files().open(upper.toString(), FileCalls.O_RDONLY, 0)) {
      // What is dirty is written now, not while the tree is read-only.
      kernel.files().syncFileSystem(data);
      kernel.mounts().unshareFileSystemState();
      kernel.mounts().enter(namespace, NEW_NS);
      try (Fd old = kernel.files().open(path, FileCalls.O_PATH, 0)) {
        long begun = freeze(old);
        try {
          kernel.mounts().attachBeneath(overlay, old);
        } catch (RuntimeException e) {
          kernel.mounts().makeWritable(old);
          throw e;
        }
        return Duration.ofNanos(System.nanoTime() - begun);
      }
    }
  }

  /** Returns when the last attempt began, which is when writers were first refused. */
  private long freeze(Fd old) {
    for (int attempt = 1; ; attempt++) {
      long begun = System.nanoTime();
      try {
        kernel.mounts().makeReadOnly(old);
        return begun;
      } catch (KernelException e) {
        if (!e.is(Errno.EBUSY) || attempt == ATTEMPTS) {
          throw e;
        }
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new LaminaException(ExitCode.TIMEOUT, "the exchange was cancelled");
      }
    }
  }

  private LaminaException busy(String tree, KernelException cause) {
    String path = "/" + tree;
    return new LaminaException(
        ExitCode.LOCKED,
        "files below "
            + path
            + " are open for writing in container "
            + cgroup.ctid()
            + Writers.describe(cgroup.processes(), path),
        "Wait until they are closed, or restart the container on the new generation.",
        cause);
  }

  private void makePair(Path pair, Path like) {
    try {
      Files.createDirectories(pair.resolve("work"));
      Path upper = Files.createDirectories(pair.resolve("upper"));
      try (Fd model = kernel.files().openDirectory(like.toString());
          Fd fd = kernel.files().open(upper.toString(), FileCalls.O_RDONLY, 0)) {
        FileCalls.Stat stat = kernel.files().stat(model);
        kernel.files().chmod(fd, stat.mode() & 07777);
        kernel.files().chown(fd, stat.uid(), stat.gid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removePair(Path pair) {
    try {
      // overlayfs leaves "work/work" behind; nothing else can be in a pair that never was used.
      Files.deleteIfExists(pair.resolve("work/work"));
      Files.deleteIfExists(pair.resolve("work"));
      Files.deleteIfExists(pair.resolve("upper"));
      Files.deleteIfExists(pair);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
