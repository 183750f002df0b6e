package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.agent.proc.MountInfo;
import org.lamina.schema.CpuList;

/** What limits need to know of the host beside its control groups. */
public interface Machine {
  /**
   * A whole disk, which is what the kernel limits.
   *
   * @param number {@code major:minor}
   * @param scheduler the I/O scheduler in use, such as {@code bfq} or {@code none}
   */
  record Disk(String number, String name, String scheduler) {}

  /** The disk that holds a container's files; empty if they are on none, as with NFS. */
  Optional<Disk> disk();

  /** CPUs of a memory node; empty if there is no such node. */
  BitSet cpusOfNode(int node);

  /** This host, for a container whose files are below the given directory. */
  static Machine host(Path area) {
    return new Machine() {
      @Override
      public Optional<Disk> disk() {
        return diskOf(area);
      }

      @Override
      public BitSet cpusOfNode(int node) {
        return line(Path.of("/sys/devices/system/node/node" + node + "/cpulist"))
            .filter(text -> !text.isEmpty())
            .map(text -> new CpuList(text).numbers())
            .orElseGet(BitSet::new);
      }
    };
  }

  private static Optional<Disk> diskOf(Path area) {
    try {
      long device = (Long) Files.getAttribute(area, "unix:dev");
      Path entry = Path.of("/sys/dev/block", major(device) + ":" + minor(device));
      if (!Files.exists(entry)) {
        // btrfs and the like have device numbers of their own; the mount names the disk.
        String source = source(area.toRealPath());
        if (!source.startsWith("/dev/")) {
          return Optional.empty();
        }
        device = (Long) Files.getAttribute(Path.of(source), "unix:rdev");
        entry = Path.of("/sys/dev/block", major(device) + ":" + minor(device));
      }
      Path part = entry.toRealPath();
      // The directory of a partition lies in that of its disk.
      Path disk = Files.exists(part.resolve("partition")) ? part.resolveSibling("") : part;
      return line(disk.resolve("dev"))
          .map(number -> new Disk(number, String.valueOf(disk.getFileName()), scheduler(disk)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String source(Path path) throws IOException {
    String source = "";
    int depth = -1;
    for (MountInfo mount : MountInfo.parse(Files.readAllLines(Path.of("/proc/self/mountinfo")))) {
      Path point = Path.of(mount.mountPoint());
      // Of two on one directory the later covers the earlier.
      if (path.startsWith(point) && point.getNameCount() >= depth) {
        depth = point.getNameCount();
        source = mount.source();
      }
    }
    return source;
  }

  private static String scheduler(Path disk) {
    Matcher chosen =
        Pattern.compile("\\[([a-z0-9-]+)]")
            .matcher(line(disk.resolve("queue/scheduler")).orElse(""));
    return chosen.find() ? chosen.group(1) : "none";
  }

  private static Optional<String> line(Path file) {
    try {
      return Optional.of(Files.readString(file).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static long major(long device) {
    return (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
  }

  private static long minor(long device) {
    return (device & 0xff) | (device >>> 12 & ~0xffL);
  }
}
