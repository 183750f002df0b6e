package org.lamina.agent.proc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Reads the files that the parsers of this package understand. A process that is gone gives an
 * empty result. Thread safe.
 *
 * @param root where proc is mounted
 */
public record ProcFs(Path root) {
  public static final ProcFs HOST = new ProcFs(Path.of("/proc"));

  public Optional<ProcStat> stat(int pid) {
    return text(pid, "stat").flatMap(ProcStat::parse);
  }

  public Optional<ProcStatus> status(int pid) {
    return text(pid, "status").flatMap(text -> ProcStatus.parse(text.lines().toList()));
  }

  /** Empty list if the process is gone. */
  public List<ProcCgroup> cgroup(int pid) {
    return text(pid, "cgroup")
        .map(text -> ProcCgroup.parse(text.lines().toList()))
        .orElse(List.of());
  }

  /** Mounts as the given process sees them; empty list if it is gone. */
  public List<MountInfo> mounts(int pid) {
    return text(pid, "mountinfo")
        .map(text -> MountInfo.parse(text.lines().toList()))
        .orElse(List.of());
  }

  private Optional<String> text(int pid, String file) {
    try {
      // Names in these files may be any bytes; what is not UTF-8 must not make reading fail.
      byte[] bytes = Files.readAllBytes(root.resolve(Integer.toString(pid)).resolve(file));
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
