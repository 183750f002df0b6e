package org.lamina.agent.cgroup;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Statistics.Disk;

/** What a container read and wrote, summed over all disks. */
final class DiskCounts {
  private static final Pattern V1 = Pattern.compile("(?m)^[0-9]+:[0-9]+ (Read|Write) ([0-9]+)$");
  private static final Pattern V2 = Pattern.compile("\\b(rbytes|wbytes|rios|wios)=([0-9]+)");

  private DiskCounts() {}

  /** Null where nothing is counted. */
  static @Nullable Disk read(boolean v2, Function<String, Optional<String>> file) {
    if (v2) {
      Optional<String> text = file.apply("io.stat");
      return text.isEmpty()
          ? null
          : new Disk(
              sum(V2, "rbytes", text.get()),
              sum(V2, "wbytes", text.get()),
              sum(V2, "rios", text.get()),
              sum(V2, "wios", text.get()));
    }
    Optional<String> bytes = file.apply("blkio.throttle.io_service_bytes_recursive");
    Optional<String> operations = file.apply("blkio.throttle.io_serviced_recursive");
    if (bytes.isEmpty() || operations.isEmpty()) {
      return null;
    }
    return new Disk(
        sum(V1, "Read", bytes.get()),
        sum(V1, "Write", bytes.get()),
        sum(V1, "Read", operations.get()),
        sum(V1, "Write", operations.get()));
  }

  private static long sum(Pattern form, String what, String text) {
    long sum = 0;
    for (Matcher m = form.matcher(text); m.find(); ) {
      if (m.group(1).equals(what)) {
        sum += Writes.number(m.group(2));
      }
    }
    return sum;
  }
}
