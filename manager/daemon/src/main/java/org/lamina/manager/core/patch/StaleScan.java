package org.lamina.manager.core.patch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Printable;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.PathChange;

/**
 * Finds processes of a container that run code of files that were exchanged: what they have mapped
 * as code is no longer the file at that path. Looks from the host and runs nothing inside.
 */
final class StaleScan {
  private static final int SHOWN = 5;

  /** A line of /proc/PID/maps whose pages can be executed and come from a file. */
  private static final Pattern CODE = Pattern.compile("\\S+ ..x. \\S+ \\S+ ([1-9][0-9]*) +(/.+)");

  private static final Pattern UNIT = Pattern.compile("/([^/]+\\.(?:service|scope))(?=/|$)");

  private final Path proc;

  StaleScan(Path proc) {
    this.proc = proc;
  }

  /** Code that a process has mapped. */
  record Mapping(long inode, String path) {}

  List<StaleProcess> scan(int init, GenerationDiff diff) {
    Set<String> changed = new HashSet<>();
    for (PathChange change : diff.paths()) {
      changed.add("/" + change.path());
    }
    Map<String, Long> inodes = new HashMap<>();
    Path root = proc.resolve(Integer.toString(init)).resolve("root");
    List<StaleProcess> out = new ArrayList<>();
    String ground = text(init, "cgroup");
    for (int pid : processes(init)) {
      Set<String> old = new TreeSet<>();
      for (Mapping mapping : mappings(text(pid, "maps"))) {
        String path = changedPath(mapping.path(), changed);
        if (path != null
            && mapping.inode()
                != inodes.computeIfAbsent(path, p -> inode(root.resolve(p.substring(1))))) {
          old.add(path);
        }
      }
      if (!old.isEmpty()) {
        out.add(
            new StaleProcess(
                pid,
                Printable.shorten(text(pid, "comm").strip(), 15),
                pid == init ? StaleProcess.INIT : unit(text(pid, "cgroup"), ground),
                old.stream().limit(SHOWN).toList()));
      }
    }
    return out;
  }

  /**
   * The path in the container of what was mapped, if it is among what changed. A tree that was
   * exchanged has no place any more, so the kernel tells its paths without the tree's name.
   */
  static @Nullable String changedPath(String mapped, Set<String> changed) {
    String path =
        mapped.endsWith(" (deleted)")
            ? mapped.substring(0, mapped.length() - " (deleted)".length())
            : mapped;
    for (String candidate : List.of(path, "/usr" + path)) {
      if (changed.contains(candidate)) {
        return candidate;
      }
    }
    return null;
  }

  static List<Mapping> mappings(String maps) {
    List<Mapping> out = new ArrayList<>();
    for (String line : maps.split("\n")) {
      Matcher m = CODE.matcher(line);
      if (m.matches()) {
        out.add(new Mapping(Long.parseLong(m.group(1)), m.group(2)));
      }
    }
    return out;
  }

  /**
   * The unit of the system's own manager: the outermost one below the container's cgroup, as units
   * of users' managers and of whatever else a service started lie below it. Null for what shares
   * init's cgroup, which are commands from outside.
   *
   * @param ground the cgroup file of init
   */
  static @Nullable String unit(String cgroup, String ground) {
    Map<String, String> roots = paths(ground);
    for (Map.Entry<String, String> path : paths(cgroup).entrySet()) {
      String init = roots.get(path.getKey());
      if (init == null) {
        continue;
      }
      String root =
          init.endsWith("/" + StaleProcess.INIT)
              ? init.substring(0, init.length() - StaleProcess.INIT.length() - 1)
              : init;
      Matcher m = UNIT.matcher(path.getValue());
      if (path.getValue().startsWith(root + "/") && m.find(root.length())) {
        return m.group(1).equals(StaleProcess.INIT) ? null : m.group(1);
      }
    }
    return null;
  }

  /** Path by hierarchy. */
  private static Map<String, String> paths(String cgroup) {
    Map<String, String> out = new LinkedHashMap<>();
    for (String line : cgroup.split("\n")) {
      String[] fields = line.split(":", 3);
      if (fields.length == 3) {
        out.put(fields[0] + ":" + fields[1], fields[2]);
      }
    }
    return out;
  }

  /** -1 where there is nothing now. */
  private static long inode(Path path) {
    try {
      return (Long)
          Objects.requireNonNull(Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS));
    } catch (IOException e) {
      return -1;
    }
  }

  /** Init and everything in its process id namespace. */
  private List<Integer> processes(int init) {
    List<Integer> out = new ArrayList<>();
    String namespace = namespace(init);
    if (namespace.isEmpty()) {
      return out;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path entry : entries) {
        int pid = Integer.parseInt(entry.getFileName().toString());
        if (namespace(pid).equals(namespace)) {
          out.add(pid);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out.sort(null);
    return out;
  }

  private String namespace(int pid) {
    try {
      return Files.readSymbolicLink(proc.resolve(Integer.toString(pid)).resolve("ns/pid"))
          .toString();
    } catch (IOException e) {
      // it has gone
      return "";
    }
  }

  private String text(int pid, String file) {
    try {
      return new String(
          Files.readAllBytes(proc.resolve(Integer.toString(pid)).resolve(file)),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      // it has gone
      return "";
    }
  }
}
