package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares what a daemon says of its containers with directories, run directories, cgroups, mounts
 * and processes of the host: nothing may be there that no container accounts for, and no container
 * may lack what it needs.
 */
final class Leaks {
  private static final Duration SETTLING = Duration.ofSeconds(3);

  private final LaminaHost host;

  private Leaks(LaminaHost host) {
    this.host = host;
  }

  /** Fails if anything of the containers is too much or missing; the kernel gets a moment. */
  static void none(LaminaHost host, String when) {
    Leaks leaks = new Leaks(host);
    long end = System.nanoTime() + SETTLING.toNanos();
    List<String> found = leaks.find();
    while (!found.isEmpty() && System.nanoTime() < end) {
      Pause.millis(50);
      found = leaks.find();
    }
    assertThat(found)
        .describedAs("out of line %s; the daemon's log:%n%s", when, host.logTail())
        .isEmpty();
  }

  /** Status by CTID as the daemon lists it. */
  static Map<String, String> listed(LaminaHost host) {
    return host.run("vzlist", "-a", "-H", "-o", "ctid,status")
        .ok()
        .stdout()
        .lines()
        .map(line -> line.strip().split(" +"))
        .collect(Collectors.toMap(f -> f[0], f -> f[1], (a, b) -> a, TreeMap::new));
  }

  /** Host process id of init by CTID, for containers with a run directory. */
  static Map<String, String> runningInits(LaminaHost host) {
    Map<String, String> inits = new TreeMap<>();
    Path runs = host.runDir().resolve("ct");
    for (String ctid : names(runs)) {
      read(runs.resolve(ctid).resolve("state")).stream()
          .filter(line -> line.startsWith("init="))
          .forEach(line -> inits.put(ctid, line.substring("init=".length())));
    }
    return inits;
  }

  private List<String> find() {
    Map<String, String> listed = listed(host);
    Set<String> all = listed.keySet();
    Set<String> running = new HashSet<>(all);
    running.removeIf(ctid -> !listed.getOrDefault(ctid, "").equals("running"));
    List<String> found = new ArrayList<>();
    compare("private area", names(host.stateDir().resolve("private")), all, found);
    compare("mount point", names(host.stateDir().resolve("root")), all, found);
    compare("run directory", names(host.runDir().resolve("ct")), running, found);
    for (Path root : hierarchies()) {
      for (String name : names(root.resolve(host.cgroupName()))) {
        if (name.equals("lxcfs")) {
          // One serves all containers and stays while the daemon runs.
          List<String> pids = read(root.resolve(host.cgroupName()).resolve("lxcfs/cgroup.procs"));
          if (pids.size() > 1) {
            found.add("more than one lxcfs in " + root + ": " + pids);
          }
        } else if (!running.contains(name.replaceFirst("-supervisor$", ""))) {
          found.add("cgroup " + root.resolve(host.cgroupName()).resolve(name) + " of nobody");
        }
      }
    }
    for (String line : read(Path.of("/proc/self/mountinfo"))) {
      Path point = Path.of(line.split(" ", 6)[4]);
      boolean ours = point.startsWith(host.stateDir()) || point.startsWith(host.runDir());
      if (ours && !"mounted".equals(listed.get(String.valueOf(point.getFileName())))) {
        found.add("mount " + point);
      }
    }
    processes(running, found);
    return found;
  }

  /** Helpers name their container's run directory or console log; those of the dead are leaks. */
  private void processes(Set<String> running, List<String> found) {
    String runs = host.runDir().resolve("ct") + "/";
    String areas = host.stateDir().resolve("private") + "/";
    ProcessHandle.allProcesses()
        .filter(p -> p.pid() != host.daemonPid())
        .forEach(p -> {
          String line = String.join(" ", read(proc(p.pid(), "cmdline"))).replace('\0', ' ');
          for (String prefix : List.of(runs, areas)) {
            int at = line.indexOf(prefix);
            if (at >= 0 && !line.contains("usr/bin/vz")) {
              String ctid = line.substring(at + prefix.length()).replaceFirst("[^0-9].*", "");
              if (!running.contains(ctid)) {
                found.add("process " + p.pid() + ": " + line);
              }
            }
          }
        });
    String daemon = Long.toString(host.daemonPid());
    ProcessHandle.allProcesses()
        .map(p -> String.join("", read(proc(p.pid(), "stat"))))
        .filter(stat -> stat.matches("(?s).*\\) Z " + daemon + " .*"))
        .forEach(stat -> found.add("zombie " + stat));
  }

  private static void compare(
      String what, Set<String> there, Set<String> wanted, List<String> found) {
    there.stream()
        .filter(name -> !wanted.contains(name))
        .forEach(name -> found.add(what + " " + name + " of nobody"));
    wanted.stream()
        .filter(name -> !there.contains(name))
        .forEach(name -> found.add("container " + name + " without " + what));
  }

  private static List<Path> hierarchies() {
    return read(Path.of("/proc/self/mounts")).stream()
        .map(line -> line.split(" "))
        .filter(mount -> mount[2].equals("cgroup") || mount[2].equals("cgroup2"))
        .map(mount -> Path.of(mount[1]))
        .toList();
  }

  private static Set<String> names(Path directory) {
    if (!Files.isDirectory(directory)) {
      return Set.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      boolean cgroup = directory.startsWith("/sys");
      return entries
          .filter(entry -> !cgroup || Files.isDirectory(entry))
          .map(entry -> String.valueOf(entry.getFileName()))
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path proc(long pid, String file) {
    return Path.of("/proc", Long.toString(pid), file);
  }

  /** Lines of a file; none if it is gone, as files of a process that ended are. */
  private static List<String> read(Path file) {
    try {
      return Files.readAllLines(file, java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return List.of();
    }
  }
}
