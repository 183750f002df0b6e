package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.lamina.agent.proc.ProcCgroup;

/** The directory under which all containers' cgroups of one hierarchy are, and making it usable. */
final class CgroupBase {
  private static final Set<String> WANTED_ON_V2 = Set.of("cpu", "memory", "pids", "io", "cpuset");
  private static final Pattern DELEGATED = Pattern.compile("(/.*\\.service)/daemon");

  private CgroupBase() {}

  /**
   * {@code /NAME} at the root, on v1 always. On v2 the service's own cgroup is taken instead if the
   * service manager put this daemon in a {@code daemon} cgroup below it ({@code
   * DelegateSubgroup=daemon}). A service cgroup without that cannot hold containers: after a
   * restart of the daemon the manager would have to put it into a cgroup with enabled controllers,
   * which the kernel refuses.
   */
  static Path choose(Hierarchy hierarchy, CgroupLayout layout, List<ProcCgroup> own, String name) {
    Optional<String> service =
        own.stream()
            .filter(ProcCgroup::v2)
            .map(ProcCgroup::path)
            .map(DELEGATED::matcher)
            .filter(matcher -> matcher.matches())
            .map(matcher -> matcher.group(1))
            .findFirst();
    return layout.pureV2() && service.isPresent()
        ? hierarchy.mount().resolve(service.get().substring(1))
        : hierarchy.mount().resolve(name);
  }

  /** Makes the base and hands the controllers down to it. Idempotent. */
  static void prepare(CgroupFs fs, Hierarchy hierarchy, Path base) throws IOException {
    if (hierarchy.v2() && hierarchy.mount().equals(base.getParent())) {
      enable(fs, hierarchy.mount());
    }
    mkdir(fs, hierarchy, base);
    if (hierarchy.v2()) {
      enable(fs, base);
    } else if (hierarchy.has("memory")) {
      Path hierarchical = base.resolve("memory.use_hierarchy");
      if (fs.readIfThere(hierarchical).equals(Optional.of("0"))) {
        fs.write(hierarchical, "1");
      }
    }
  }

  /** Makes one cgroup ready for processes; a v1 cpuset takes none before it has CPUs and memory. */
  static void mkdir(CgroupFs fs, Hierarchy hierarchy, Path directory) throws IOException {
    fs.mkdir(directory);
    if (!hierarchy.v2() && hierarchy.has("cpuset")) {
      for (String file : List.of("cpuset.cpus", "cpuset.mems")) {
        if (fs.read(directory.resolve(file)).isEmpty()) {
          fs.write(directory.resolve(file), fs.read(directory.resolveSibling(file)));
        }
      }
    }
  }

  /** Gives children of a v2 cgroup all wanted controllers that it has itself. */
  static void enable(CgroupFs fs, Path directory) throws IOException {
    Set<String> missing = words(fs.read(directory.resolve("cgroup.controllers")));
    missing.retainAll(WANTED_ON_V2);
    Path file = directory.resolve("cgroup.subtree_control");
    missing.removeAll(words(fs.read(file)));
    if (missing.isEmpty()) {
      return;
    }
    List<String> additions = new ArrayList<>();
    missing.forEach(controller -> additions.add("+" + controller));
    try {
      fs.write(file, String.join(" ", additions));
    } catch (IOException together) {
      // One controller that cannot be had now (cpu beside realtime processes) spoils the others.
      for (String addition : additions) {
        enableOne(fs, file, addition);
      }
    }
  }

  private static void enableOne(CgroupFs fs, Path file, String addition) {
    try {
      fs.write(file, addition);
    } catch (IOException refused) {
      // A limit that needs this controller will say that its file is missing.
    }
  }

  private static Set<String> words(String text) {
    return new LinkedHashSet<>(Arrays.asList(text.split("\\s+")));
  }
}
