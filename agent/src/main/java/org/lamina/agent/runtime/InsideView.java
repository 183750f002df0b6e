package org.lamina.agent.runtime;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Fd;

/**
 * What containers see of their limits in {@code /proc} and {@code /sys}, by lxcfs. Nothing here
 * fails a container: without lxcfs, or when it cannot be had, the inside sees the host's numbers,
 * which is said in the log. When lxcfs dies another one takes its place in all running containers.
 * Thread safe.
 */
final class InsideView {
  static final List<String> FILES =
      List.of(
          "proc/cpuinfo",
          "proc/diskstats",
          "proc/loadavg",
          "proc/meminfo",
          "proc/stat",
          "proc/swaps",
          "proc/uptime",
          "sys/devices/system/cpu/online");

  private static final Logger log = System.getLogger(InsideView.class.getName());

  /** An lxcfs that ends sooner than this after its start is not started again for now. */
  private static final long SHORT_LIFE_NANOS = 2_000_000_000L;

  private final Lxcfs lxcfs;
  private final Supplier<Set<Integer>> inits;
  private final java.util.function.IntFunction<InsideFiles> files;
  private Lxcfs.@Nullable Instance watched;
  private boolean told;
  private boolean closed;

  /**
   * @param inits of all running containers
   * @param files those of the container with the given init
   */
  InsideView(
      Lxcfs lxcfs,
      Supplier<Set<Integer>> inits,
      java.util.function.IntFunction<InsideFiles> files) {
    this.lxcfs = lxcfs;
    this.inits = inits;
    this.files = files;
  }

  /** Gives one container its view, or renews it. */
  void attach(int init) {
    withMounts(mounts -> files.apply(init).attach(mounts), "of init " + init);
  }

  private void withMounts(Consumer<Map<String, Fd>> work, String whose) {
    try {
      Optional<Lxcfs.Instance> instance = instance();
      if (instance.isEmpty()) {
        return;
      }
      Map<String, Fd> mounts = lxcfs.mounts(instance.get(), FILES);
      try {
        work.accept(mounts);
      } finally {
        mounts.values().forEach(Fd::close);
      }
    } catch (RuntimeException e) {
      log.log(Level.WARNING, "the view " + whose + " on its limits could not be made", e);
    }
  }

  /** The running one; started if there is none. */
  private synchronized Optional<Lxcfs.Instance> instance() {
    if (closed) {
      return Optional.empty();
    }
    if (!lxcfs.installed()) {
      if (!told) {
        told = true;
        log.log(
            Level.WARNING,
            "lxcfs is not installed: free, top and uptime inside show the host's numbers");
      }
      return Optional.empty();
    }
    Lxcfs.Instance known = watched;
    if (known != null && known.alive()) {
      return Optional.of(known);
    }
    Lxcfs.Instance instance = lxcfs.find().orElseGet(lxcfs::start);
    watched = instance;
    long begun = System.nanoTime();
    var _ =
        lxcfs
            .watch(instance)
            .thenRunAsync(() -> ended(instance, System.nanoTime() - begun < SHORT_LIFE_NANOS));
    return Optional.of(instance);
  }

  private void ended(Lxcfs.Instance instance, boolean soon) {
    synchronized (this) {
      if (closed || !instance.equals(watched)) {
        return;
      }
      watched = null;
    }
    log.log(
        Level.WARNING,
        "lxcfs {0} has ended; {1}",
        Integer.toString(instance.pid()),
        soon ? "the next start of a container starts it again" : "another one takes its place");
    for (int init : inits.get()) {
      if (soon) {
        detach(init);
      } else {
        attach(init);
      }
    }
  }

  private void detach(int init) {
    try {
      files.apply(init).detach(FILES);
    } catch (RuntimeException e) {
      log.log(Level.WARNING, "the dead view of init " + init + " could not be taken away", e);
    }
  }

  /**
   * Ends the watching.
   *
   * @param last no container is left to have a view, so that lxcfs ends as well
   */
  void close(boolean last) {
    synchronized (this) {
      closed = true;
    }
    if (last) {
      lxcfs.stop();
    }
  }
}
