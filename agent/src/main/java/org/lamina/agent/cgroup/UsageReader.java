package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.lamina.agent.Usage;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Reads what a container uses from the files the container cannot write. Thread safe. */
final class UsageReader {
  private final CgroupFs fs;
  private final CgroupLayout layout;
  private final Function<Hierarchy, Path> directory;

  UsageReader(CgroupFs fs, CgroupLayout layout, Function<Hierarchy, Path> directory) {
    this.fs = fs;
    this.layout = layout;
    this.directory = directory;
  }

  /** What a controller that the kernel lacks would tell is 0. */
  Usage read(Ctid ctid) {
    try {
      return new Usage(processes(), memory(), cpu());
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.NOT_RUNNING,
          "cannot read what container " + ctid + " uses: " + Errno.text(e),
          null,
          e);
    }
  }

  private long processes() throws IOException {
    Optional<Hierarchy> home = layout.home("pids");
    return home.isEmpty() ? 0 : number(home.get(), "pids.current");
  }

  private long memory() throws IOException {
    Optional<Hierarchy> home = layout.home("memory");
    return home.isEmpty()
        ? 0
        : number(home.get(), home.get().v2() ? "memory.current" : "memory.usage_in_bytes");
  }

  private Duration cpu() throws IOException {
    Optional<Hierarchy> v1 = layout.home("cpuacct");
    if (v1.isPresent()) {
      return Duration.ofNanos(number(v1.get(), "cpuacct.usage"));
    }
    // cgroup2 counts CPU time in every cgroup, even without the cpu controller.
    Optional<Hierarchy> unified = layout.unified();
    if (unified.isEmpty()) {
      return Duration.ZERO;
    }
    String text = fs.read(directory.apply(unified.get()).resolve("cpu.stat"));
    return text.lines()
        .filter(line -> line.startsWith("usage_usec "))
        .findFirst()
        .map(line -> Duration.ofNanos(1_000 * Writes.number(line.substring(11).strip())))
        .orElse(Duration.ZERO);
  }

  private long number(Hierarchy home, String file) throws IOException {
    return Writes.number(fs.read(directory.apply(home).resolve(file)));
  }
}
