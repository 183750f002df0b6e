package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Counters;
import org.lamina.agent.Statistics;
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
      return new Usage(processes(), memory(), cpu(), counters());
    } catch (IOException e) {
      throw ended(ctid, e);
    }
  }

  long processes(Ctid ctid) {
    try {
      return processes();
    } catch (IOException e) {
      throw ended(ctid, e);
    }
  }

  private static LaminaException ended(Ctid ctid, IOException e) {
    return new LaminaException(
        ExitCode.NOT_RUNNING,
        "cannot read what container " + ctid + " uses: " + Errno.text(e),
        null,
        e);
  }

  /** Everything that is counted. */
  Statistics statistics(Ctid ctid) {
    Usage usage = read(ctid);
    boolean v2 = onV2("memory");
    Map<String, Long> memory = stat("memory", "memory.stat");
    long cache = memory.getOrDefault(v2 ? "file" : "total_cache", 0L);
    long idle = memory.getOrDefault(v2 ? "inactive_file" : "total_inactive_file", 0L);
    Map<String, Long> cpu = stat("cpu", "cpu.stat");
    return new Statistics(
        usage,
        new Statistics.Cpu(cpu.get("nr_throttled"), throttledTime(cpu)),
        new Statistics.Memory(Math.max(0, usage.memory() - idle), cache, kills(v2)),
        DiskCounts.read(onV2("io"), file -> text(onV2("io") ? "io" : "blkio", file)),
        pressure());
  }

  private Map<String, Statistics.Pressure> pressure() {
    Map<String, Statistics.Pressure> all = new LinkedHashMap<>();
    for (String resource : new String[] {"cpu", "memory", "io"}) {
      // Counted by the unified hierarchy wherever the controllers are.
      layout
          .unified()
          .flatMap(home -> fs.readIfThere(directory.apply(home).resolve(resource + ".pressure")))
          .flatMap(PressureText::parse)
          .ifPresent(pressure -> all.put(resource, pressure));
    }
    return all;
  }

  private @Nullable Long kills(boolean v2) {
    return v2
        ? stat("memory", "memory.events").get("oom_kill")
        : withPayload("memory", "memory.oom_control", "oom_kill");
  }

  /** v1 counts an event where the process was, and not above. */
  private @Nullable Long withPayload(String controller, String file, String name) {
    Long above = stat(controller, file).get(name);
    Long below = stat(controller, "payload/" + file).get(name);
    return above == null || below == null ? above : Long.valueOf(above + below);
  }

  private static @Nullable Duration throttledTime(Map<String, Long> cpu) {
    Long micros = cpu.get("throttled_usec");
    Long nanos = cpu.get("throttled_time");
    return micros != null
        ? Duration.ofNanos(1000 * micros)
        : nanos == null ? null : Duration.ofNanos(nanos);
  }

  private Counters counters() {
    boolean v2 = onV2("memory");
    return new Counters(
        v2
            ? count("memory", "memory.swap.current")
            : stat("memory", "memory.stat").get("total_swap"),
        count("memory", v2 ? "memory.peak" : "memory.max_usage_in_bytes"),
        v2 ? stat("memory", "memory.events").get("max") : hitsV1(),
        count("pids", "pids.peak"),
        onV2("pids")
            ? stat("pids", "pids.events").get("max")
            : withPayload("pids", "pids.events", "max"));
  }

  /**
   * Either limit may be the one that is met first: of memory, or of memory and swap together. Some
   * kernels have the files and count nothing, which shows when the limit was reached.
   */
  private @Nullable Long hitsV1() {
    Long memory = count("memory", "memory.failcnt");
    Long both = count("memory", "memory.memsw.failcnt");
    if (memory == null) {
      return null;
    }
    long hits = memory + (both == null ? 0 : both);
    Long peak = count("memory", "memory.max_usage_in_bytes");
    Long limit = count("memory", "memory.limit_in_bytes");
    boolean reached = peak != null && limit != null && peak >= limit;
    return hits == 0 && reached ? null : Long.valueOf(hits);
  }

  private boolean onV2(String controller) {
    return layout.home(controller).map(Hierarchy::v2).orElse(layout.pureV2());
  }

  private Optional<String> text(String controller, String file) {
    return layout
        .home(controller)
        .flatMap(home -> fs.readIfThere(directory.apply(home).resolve(file)));
  }

  private @Nullable Long count(String controller, String file) {
    return text(controller, file).map(Writes::number).orElse(null);
  }

  /** Lines of a name and a number. */
  private Map<String, Long> stat(String controller, String file) {
    Map<String, Long> values = new LinkedHashMap<>();
    text(controller, file)
        .ifPresent(text ->
            text.lines()
                .map(line -> line.split(" "))
                .filter(words -> words.length == 2)
                .forEach(words -> values.put(words[0], Writes.number(words[1]))));
    return values;
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
