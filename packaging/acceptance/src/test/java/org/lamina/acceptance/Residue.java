package org.lamina.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What one private daemon could leave on the host: mounts, cgroups, processes and network
 * interfaces. Only what carries its directories or its cgroup name counts, except for interfaces,
 * which are compared with those that were there before.
 */
final class Residue {
  private final List<Path> directories;
  private final String cgroupName;
  private final Set<String> interfacesBefore = interfaces();

  Residue(List<Path> directories, String cgroupName) {
    this.directories = directories;
    this.cgroupName = cgroupName;
  }

  /** One line for each thing that is left; empty if nothing is. */
  List<String> find() {
    List<String> found = new ArrayList<>();
    mounts().forEach(mount -> found.add("mount " + mount));
    cgroups().forEach(cgroup -> found.add("cgroup " + cgroup));
    processes().forEach(pid -> found.add("process " + pid + ": " + commandLine(pid)));
    Set<String> interfaces = interfaces();
    interfaces.removeAll(interfacesBefore);
    interfaces.forEach(name -> found.add("interface " + name));
    return found;
  }

  /** Takes away what is left, so that one failed test does not spoil the next. */
  void clear() throws IOException, InterruptedException {
    for (int round = 0; round < 20 && !processes().isEmpty(); round++) {
      processes().forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
      Thread.sleep(50);
    }
    List<String> mounts = mounts();
    for (String mount : mounts.reversed()) {
      new ProcessBuilder("umount", "--lazy", mount).inheritIO().start().waitFor();
    }
    for (Path cgroup : cgroups().reversed()) {
      try {
        Files.deleteIfExists(cgroup);
      } catch (IOException e) {
        System.err.println("cannot remove " + cgroup + ": " + e);
      }
    }
  }

  private List<String> mounts() {
    return lines(Path.of("/proc/self/mountinfo"))
        .map(line -> line.split(" ", 6)[4])
        .filter(point -> ours(Path.of(point)))
        .toList();
  }

  private List<Path> cgroups() {
    List<Path> found = new ArrayList<>();
    List<Path> roots =
        lines(Path.of("/proc/self/mounts"))
            .map(line -> line.split(" "))
            .filter(mount -> mount[2].equals("cgroup") || mount[2].equals("cgroup2"))
            .map(mount -> Path.of(mount[1]))
            .toList();
    for (Path root : roots) {
      Path cgroup = root.resolve(cgroupName);
      if (!Files.isDirectory(cgroup)) {
        continue;
      }
      try (Stream<Path> below = Files.walk(cgroup)) {
        below.filter(Files::isDirectory).forEach(found::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  /** Processes in our cgroups or with one of our directories in their command line. */
  private List<Long> processes() {
    Predicate<ProcessHandle> ours =
        handle -> {
          Path proc = Path.of("/proc", Long.toString(handle.pid()));
          return lines(proc.resolve("cgroup")).anyMatch(line -> line.contains("/" + cgroupName))
              || directories.stream().anyMatch(d -> commandLine(handle.pid()).contains(d + "/"));
        };
    long self = ProcessHandle.current().pid();
    return ProcessHandle.allProcesses()
        .filter(handle -> handle.pid() != self)
        .filter(ours)
        .map(ProcessHandle::pid)
        .toList();
  }

  private boolean ours(Path path) {
    return directories.stream().anyMatch(path::startsWith);
  }

  private static String commandLine(long pid) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline")).replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  private static Set<String> interfaces() {
    try (Stream<Path> all = Files.list(Path.of("/sys/class/net"))) {
      Set<String> names = new TreeSet<>();
      all.forEach(path -> names.add(String.valueOf(path.getFileName())));
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of a file; none if it is gone, as files of a process that ended are. */
  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      return Stream.of();
    }
  }
}
