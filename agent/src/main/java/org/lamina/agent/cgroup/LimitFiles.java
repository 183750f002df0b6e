package org.lamina.agent.cgroup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Ctid;
import org.lamina.schema.Limits;

/** Puts limits on one container's control files. One thread at a time per container. */
final class LimitFiles {
  private static final int ATTEMPTS = 3;

  private final CgroupFs fs;
  private final CgroupLayout layout;
  private final Function<Hierarchy, Path> directory;
  private final List<String> notes = new ArrayList<>();

  /**
   * @param directory the container's cgroup in a hierarchy
   */
  LimitFiles(CgroupFs fs, CgroupLayout layout, Function<Hierarchy, Path> directory) {
    this.fs = fs;
    this.layout = layout;
    this.directory = directory;
  }

  /**
   * @return what the operator should know of how it went
   */
  List<String> apply(Ctid ctid, Limits limits, Machine machine) {
    notes.clear();
    List<LimitWrite> plan =
        LimitPlan.plan(this::onV2, this::current, machine, limits, ctid.value());
    LimitExecutor.execute(
        ctid, plan, knob -> path(knob).map(Path::toString).orElse(knob.file()), this::write);
    if (!onV2("blkio") && plan.stream().anyMatch(LimitFiles::throttles)) {
      notes.add(
          "this host's cgroup v1 limits reading and direct writing only; what is written through"
              + " the page cache is not held to --iolimit and --iopslimit");
    }
    return List.copyOf(notes);
  }

  void check(Ctid ctid, Limits limits, Machine machine) {
    var _ = LimitPlan.plan(this::onV2, this::current, machine, limits, ctid.value());
  }

  private static boolean throttles(LimitWrite write) {
    return write.knob().controller().equals("blkio")
        && (write.option() == LimitOption.IOLIMIT || write.option() == LimitOption.IOPSLIMIT)
        && !write.value().endsWith(" 0");
  }

  private boolean onV2(String controller) {
    // Without a home any answer does: the missing file decides.
    return layout.home(controller).map(Hierarchy::v2).orElse(layout.pureV2());
  }

  private Optional<Path> path(Knob knob) {
    return layout.home(knob.controller()).map(home -> directory.apply(home).resolve(knob.file()));
  }

  private Optional<String> current(Knob knob) {
    return path(knob).flatMap(fs::readIfThere);
  }

  private void write(LimitWrite write) throws IOException {
    Path file =
        path(write.knob())
            .orElseThrow(() -> new IOException("no hierarchy for " + write.knob().file()));
    long wanted = Writes.number(write.value());
    boolean shrinks = wanted < Writes.number(write.before());
    switch (write.knob().file()) {
      case "memory.max" -> {
        if (shrinks) {
          squeezeV2(file.resolveSibling("memory.current"), wanted);
        }
        fs.write(file, write.value());
      }
      case "memory.limit_in_bytes" ->
          shrinkV1(file, write.value(), file.resolveSibling("memory.usage_in_bytes"), wanted);
      case "memory.memsw.limit_in_bytes" ->
          shrinkV1(file, write.value(), file.resolveSibling("memory.memsw.usage_in_bytes"), wanted);
      // A cpuset is emptied by a blank line.
      default -> fs.write(file, write.value().isEmpty() ? "\n" : write.value());
    }
  }

  /**
   * On v2 a limit below the use makes the kernel kill processes, which no one asked for. So memory
   * is taken back first, by a passing {@code memory.high}, and the limit refused if that was not
   * enough.
   */
  private void squeezeV2(Path usage, long wanted) throws IOException {
    Path high = usage.resolveSibling("memory.high");
    if (used(usage) <= wanted || !fs.exists(high)) {
      return;
    }
    String before = fs.read(high);
    long usedBefore = used(usage);
    try {
      for (int i = 0; i < ATTEMPTS && used(usage) > wanted; i++) {
        fs.write(high, Long.toString(wanted));
      }
      long used = used(usage);
      if (used > wanted) {
        throw inUse(used);
      }
      noteReclaimed(usedBefore, wanted);
    } finally {
      fs.write(high, before);
    }
  }

  /** On v1 the kernel reclaims by itself and says EBUSY when there was not enough to take. */
  private void shrinkV1(Path file, String value, Path usage, long wanted) throws IOException {
    long usedBefore = used(usage);
    for (int attempt = 1; ; attempt++) {
      try {
        fs.write(file, value);
        noteReclaimed(usedBefore, wanted);
        return;
      } catch (IOException e) {
        long used = used(usage);
        if (attempt == ATTEMPTS || used <= wanted) {
          throw used > wanted ? inUse(used) : e;
        }
        Path forceEmpty = file.resolveSibling("memory.force_empty");
        if (fs.exists(forceEmpty)) {
          forceEmpty(forceEmpty);
        }
      }
    }
  }

  private void forceEmpty(Path file) {
    try {
      fs.write(file, "0");
    } catch (IOException refused) {
      // It answers EBUSY when something stayed, which is usual; the next attempt tells.
    }
  }

  private void noteReclaimed(long usedBefore, long wanted) {
    if (usedBefore > wanted && notes.isEmpty()) {
      notes.add(
          "the container used "
              + new ByteSize(usedBefore).human()
              + "; the kernel took memory back from it to get below "
              + new ByteSize(wanted).human());
    }
  }

  private long used(Path usage) {
    return fs.readIfThere(usage).map(Writes::number).orElse(0L);
  }

  private static IOException inUse(long used) {
    return new IOException("Device or resource busy, " + new ByteSize(used).human() + " in use");
  }
}
