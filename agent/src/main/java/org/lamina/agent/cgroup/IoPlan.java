package org.lamina.agent.cgroup;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.cgroup.Machine.Disk;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Limits;

/** Disk throughput and weight, on the whole disk that holds the container's files. */
record IoPlan(Writes writes, Machine machine) {
  /** OpenVZ's 320 to 640 for 0 to 7, on a scale where the usual 4 is the kernel's 100. */
  private static final List<Integer> WEIGHTS = List.of(64, 73, 82, 92, 100, 110, 120, 128);

  private static final int USUAL = 4;

  /** The kernel counts operations in 32 bits, of which all set stand for no limit. */
  private static final long MOST_OPERATIONS = (1L << 32) - 1;

  /** On v1 a limit holds for the very cgroup that a process is in, not for those below it. */
  private static final String V1 = "payload/blkio.throttle.";

  void plan(Limits limits) {
    ByteSize rate = limits.ioLimit();
    Long count = limits.iopsLimit();
    long bytes = rate == null || Writes.unlimited(rate.bytes()) ? Long.MAX_VALUE : rate.bytes();
    long operations = count == null || count >= MOST_OPERATIONS ? Long.MAX_VALUE : count;
    Optional<Disk> disk = machine.disk();
    LimitOption option = bytes == Long.MAX_VALUE ? LimitOption.IOPSLIMIT : LimitOption.IOLIMIT;
    boolean free = bytes == Long.MAX_VALUE && operations == Long.MAX_VALUE;
    if (disk.isPresent()) {
      throttle(disk.get().number(), bytes, operations, free, option);
    } else if (!free) {
      throw Writes.unsupported(
          option, "the container's files are on no disk of this host", "Only disks are limited.");
    }
    weight(limits.ioPriority(), disk);
  }

  private void throttle(
      String disk, long bytes, long operations, boolean free, LimitOption option) {
    if (writes.onV2("io")) {
      String value =
          "%s rbps=%s wbps=%s riops=%s wiops=%s"
              .formatted(
                  disk,
                  Writes.v2(bytes),
                  Writes.v2(bytes),
                  Writes.v2(operations),
                  Writes.v2(operations));
      String none = disk + " rbps=max wbps=max riops=max wiops=max";
      writes.set("io", "io.max", value, free, option, text -> line(text, disk, none));
      return;
    }
    for (String direction : List.of("read", "write")) {
      v1(disk, V1 + direction + "_bps_device", bytes, LimitOption.IOLIMIT);
      v1(disk, V1 + direction + "_iops_device", operations, LimitOption.IOPSLIMIT);
    }
  }

  private void v1(String disk, String file, long rate, LimitOption option) {
    boolean free = rate == Long.MAX_VALUE;
    String none = disk + " 0";
    writes.set(
        "blkio",
        file,
        free ? none : disk + " " + rate,
        free,
        option,
        text -> line(text, disk, none));
  }

  private static String line(String text, String disk, String none) {
    return text.lines().filter(line -> line.startsWith(disk + " ")).findFirst().orElse(none);
  }

  /** Only a scheduler that knows weights is asked for one; a weight nobody heeds is refused. */
  private void weight(@Nullable Integer priority, Optional<Disk> disk) {
    int level = priority == null ? USUAL : priority;
    boolean free = level == USUAL;
    String value = Integer.toString(WEIGHTS.get(level));
    boolean v2 = writes.onV2("io");
    String scheduler = disk.map(Disk::scheduler).orElse("none");
    if (scheduler.equals("bfq")) {
      writes.set(
          v2 ? "io" : "blkio",
          v2 ? "io.bfq.weight" : "blkio.bfq.weight",
          value,
          free,
          LimitOption.IOPRIO,
          text -> text.lines().findFirst().orElse("").replace("default ", ""));
    } else if (!free) {
      throw Writes.unsupported(
          LimitOption.IOPRIO,
          disk.isEmpty()
              ? "the container's files are on no disk of this host"
              : "the I/O scheduler of "
                  + disk.get().name()
                  + " is "
                  + scheduler
                  + ", which knows no weights",
          disk.isEmpty()
              ? "Only disks have priorities."
              : "Choose one that does: echo bfq > /sys/block/"
                  + disk.get().name()
                  + "/queue/scheduler");
    }
  }
}
