package org.lamina.agent.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.lamina.agent.TreeSwitch;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.cgroup.Patience;
import org.lamina.agent.mount.DeltaStack;
import org.lamina.agent.mount.OverlayMounts;
import org.lamina.agent.mount.Replacement;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.KernelThread;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Exchanges a tree of a running container: a new overlay is built aside, writing to the old one is
 * stopped (which the kernel refuses while a file is open for writing, so nothing can be lost), and
 * the new one takes its place.
 *
 * <p>Between the stop and the exchange's end lie three system calls, none of which waits for a
 * disk.
 */
final class LiveSwitch {
  private static final int ATTEMPTS = 20;
  private static final long PAUSE_MILLIS = 50;

  static {
    // The thread that makes one is where no class can be loaded from.
    var _ = new Exchanged(Duration.ZERO, false);
  }

  private final Kernel kernel;
  private final ContainerCgroup cgroup;
  private final RunState state;
  private final Replacement replacement;

  LiveSwitch(Kernel kernel, ContainerCgroup cgroup, RunState state) {
    this.kernel = kernel;
    this.cgroup = cgroup;
    this.state = state;
    this.replacement = new Replacement(kernel);
  }

  TreeSwitch exchange(String tree, List<Path> layers, Path delta) {
    Sandboxes sandboxes = Sandboxes.of(kernel, cgroup, state.init(), "/" + tree);
    Path pair = DeltaStack.nextPair(delta, tree);
    makePair(pair, DeltaStack.of(delta, tree).upper());
    DeltaStack after = DeltaStack.of(delta, tree);
    Exchanged done;
    try (Fd overlay = build(after, layers, tree)) {
      done = KernelThread.call("lamina-switch", () -> exchangeInside(tree, overlay, sandboxes));
    } catch (RuntimeException e) {
      removePair(pair);
      throw e instanceof KernelException k && k.is(Errno.EBUSY) ? busy(tree, k) : e;
    }
    List<String> notes = new ArrayList<>(sandboxes.restore());
    if (!done.sealed()) {
      notes.add(
          "what was /"
              + tree
              + " before can still be written to, through a mount that no process shows"
              + Writers.describe(cgroup.processes(), "/" + tree)
              + "; such writes may be lost: restart the container");
    }
    return new TreeSwitch(done.readOnly(), sandboxes.count(), notes);
  }

  private Fd build(DeltaStack stack, List<Path> layers, String tree) {
    OverlayMounts overlays = new OverlayMounts(kernel);
    if (state.idBase() == 0) {
      return overlays.fromHost(stack, layers, tree, null, 0);
    }
    try (Fd ids =
        kernel.files().open("/proc/" + state.init() + "/ns/user", FileCalls.O_RDONLY, 0)) {
      return overlays.fromHost(stack, layers, tree, ids, 0);
    }
  }

  /**
   * How it went.
   *
   * @param sealed nobody can write to what is a lower layer now
   */
  private record Exchanged(Duration readOnly, boolean sealed) {}

  private Exchanged exchangeInside(String tree, Fd overlay, Sandboxes sandboxes) {
    String path = "/" + tree;
    WriteStop.Place place = new WriteStop.Place(state.init(), path);
    try (WriteStop writers = WriteStop.prepare(kernel, place, sandboxes.writable())) {
      // On a busy host a thread may wait longer for a processor than the exchange takes.
      kernel.processes().runFirst();
      long begun = stop(writers);
      try {
        replacement.replace(overlay, writers.tree(), path);
      } catch (RuntimeException e) {
        writers.allow();
        throw e;
      }
      Duration readOnly = Duration.ofNanos(System.nanoTime() - begun);
      return new Exchanged(readOnly, seal(writers.tree()));
    }
  }

  /** Returns when the last attempt began, which is when writers were first refused. */
  private static long stop(WriteStop writers) {
    for (int attempt = 1; ; attempt++) {
      try {
        return writers.stop();
      } catch (KernelException e) {
        if (!e.is(Errno.EBUSY) || attempt == ATTEMPTS) {
          throw e;
        }
      }
      pause();
    }
  }

  /**
   * What is left of the old overlay (bind mounts of parts, descriptors of directories) can never be
   * written to again. This writes the disk, so it is done when nobody waits for it.
   *
   * @return false if somebody writes through a mount that no process shows, or the kernel cannot;
   *     never throws, for the exchange is done
   */
  private boolean seal(Fd old) {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      try {
        kernel.mounts().makeReadOnly(old);
        return true;
      } catch (KernelException e) {
        if (!e.is(Errno.EBUSY) || !Patience.sleep(PAUSE_MILLIS)) {
          return false;
        }
      }
    }
    return false;
  }

  private static void pause() {
    if (!Patience.sleep(PAUSE_MILLIS)) {
      throw new LaminaException(ExitCode.TIMEOUT, "the exchange was cancelled");
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
