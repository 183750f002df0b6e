package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** Ends everything in a container's cgroups, faster than it can fork. */
final class CgroupKill {
  private final CgroupFs fs;
  private final Killer killer;
  private final Duration patience;

  CgroupKill(CgroupFs fs, Killer killer, Duration patience) {
    this.fs = fs;
    this.killer = killer;
    this.patience = patience;
  }

  /**
   * @param directories the same cgroup in each hierarchy
   * @param processes lists what is alive in any of them
   * @return what did not end in time
   */
  Set<Integer> run(List<Path> directories, Supplier<Set<Integer>> processes) {
    long deadline = System.nanoTime() + patience.toNanos();
    Set<Integer> left = processes.get();
    boolean atOnce = !left.isEmpty() && killAtOnce(directories);
    for (long pause = 1; !left.isEmpty(); pause = Math.min(2 * pause, 50)) {
      // The first round gives the kernel's own kill its time; what that missed is killed singly.
      if (!atOnce) {
        stopForks(directories);
        left.forEach(killer::kill);
      }
      atOnce = false;
      if (!Patience.sleep(pause)) {
        return processes.get();
      }
      left = processes.get();
      if (System.nanoTime() >= deadline) {
        return left;
      }
    }
    return left;
  }

  private boolean killAtOnce(List<Path> directories) {
    boolean done = false;
    for (Path directory : directories) {
      done |= written(directory.resolve("cgroup.kill"), "1");
    }
    return done;
  }

  private void stopForks(List<Path> directories) {
    directories.forEach(directory -> written(directory.resolve("pids.max"), "0"));
  }

  /** False if this kernel has no such file or the cgroup is gone. */
  private boolean written(Path file, String value) {
    try {
      fs.write(file, value);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
