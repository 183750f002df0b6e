package org.lamina.agent.proc;

import java.util.List;
import java.util.Optional;

/**
 * One line of {@code /proc/PID/cgroup}.
 *
 * @param hierarchy the kernel's number, 0 for cgroup v2
 * @param controllers v1 controllers or a {@code name=} entry; empty for cgroup v2
 * @param path from the root of the hierarchy as the reader's cgroup namespace shows it
 */
public record ProcCgroup(int hierarchy, List<String> controllers, String path) {

  public boolean v2() {
    return hierarchy == 0 && controllers.isEmpty();
  }

  /** All well-formed lines. */
  public static List<ProcCgroup> parse(List<String> lines) {
    return lines.stream().flatMap(line -> parseLine(line).stream()).toList();
  }

  private static Optional<ProcCgroup> parseLine(String line) {
    // The path may contain colons; the first two fields cannot.
    String[] fields = line.split(":", 3);
    if (fields.length != 3 || !fields[2].startsWith("/")) {
      return Optional.empty();
    }
    try {
      List<String> controllers = fields[1].isEmpty() ? List.of() : List.of(fields[1].split(","));
      return Optional.of(new ProcCgroup(Integer.parseInt(fields[0]), controllers, fields[2]));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
