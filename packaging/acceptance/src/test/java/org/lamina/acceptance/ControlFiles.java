package org.lamina.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The kernel's files that hold the limits of a container. */
final class ControlFiles {
  private static final Path TOP = Path.of("/sys/fs/cgroup");
  private static final List<String> V1 = List.of("cpu", "cpuset", "memory", "pids", "blkio");
  private static final Pattern LIMIT =
      Pattern.compile(
          "cpu\\.(max|weight|shares|cfs_quota_us|cfs_period_us)|cpuset\\.(cpus|mems)|pids\\.max"
              + "|memory\\.(max|high|low|swap\\.max|limit_in_bytes|memsw\\.limit_in_bytes)"
              + "|io\\.(max|bfq\\.weight)|blkio\\.(throttle\\..*_device|bfq\\.weight)");

  private ControlFiles() {}

  /** Whether every controller is on the unified hierarchy. */
  static boolean pureV2() {
    return Files.exists(TOP.resolve("cgroup.controllers"));
  }

  /** Where the cgroups of all containers with this controller are. */
  static Path base(LaminaHost host, String controller) {
    return (pureV2() ? TOP : TOP.resolve(controller)).resolve(host.cgroupName());
  }

  /**
   * Content of every limit file, by its path from the container's cgroup: those of the container,
   * of what holds all containers, and of the payload.
   */
  static Map<String, String> read(Guest guest) {
    Map<String, String> all = new TreeMap<>();
    for (String controller : pureV2() ? List.of("") : V1) {
      Path container = base(guest.host(), controller).resolve(guest.ctid());
      for (Path directory :
          List.of(container.getParent(), container, container.resolve("payload"))) {
        try (DirectoryStream<Path> files =
            Files.newDirectoryStream(
                directory, file -> LIMIT.matcher(file.getFileName().toString()).matches())) {
          for (Path file : files) {
            all.put(
                container.relativize(file).toString(),
                Files.readString(file).strip().replace("default ", ""));
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return all;
  }
}
