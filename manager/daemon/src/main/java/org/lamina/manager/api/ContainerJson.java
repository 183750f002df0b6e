package org.lamina.manager.api;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Usage;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CpuList;
import org.lamina.schema.Limits;
import org.lamina.schema.LimitsBuilder;

/** A container in the API. Sizes are bytes, times are ISO 8601 in UTC. */
public record ContainerJson(
    int ctid,
    UUID uuid,
    @Nullable String name,
    @Nullable String hostname,
    @Nullable String description,
    String template,
    int generation,
    String status,
    boolean ready,
    @Nullable String operation,
    boolean privileged,
    int idBase,
    @Nullable Boolean onboot,
    @Nullable Integer bootOrder,
    boolean disabled,
    @Nullable Integer stopTimeoutSeconds,
    LimitsJson limits,
    @Nullable UsageJson usage,
    @Nullable Instant startedAt,
    Instant created,
    String root,
    String privateArea,
    NetworkJson network,
    DiskJson disk,
    AccessJson access,
    Map<String, String> labels,
    Map<String, String> extra) {

  /** Null is no limit of its own; unlimited is shown as -1. */
  public record LimitsJson(
      @Nullable Long ram,
      @Nullable Long swap,
      @Nullable Double cpuPercent,
      @Nullable Integer cpuUnits,
      @Nullable Long numproc,
      @Nullable Integer memoryGuarantee,
      @Nullable Integer cpus,
      @Nullable String cpuMask,
      @Nullable String nodeMask,
      @Nullable Integer ioPriority,
      @Nullable Long ioLimit,
      @Nullable Long iopsLimit,
      @Nullable Long numfile,
      @Nullable Long numpty) {
    private static final long UNLIMITED = -1;

    static LimitsJson of(Limits l) {
      return new LimitsJson(
          bytes(l.ram()),
          bytes(l.swap()),
          l.cpuPercent(),
          l.cpuUnits(),
          count(l.numproc()),
          l.guarantee(),
          l.cpus(),
          l.cpuMask() == null ? null : l.cpuMask().text(),
          l.nodeMask() == null ? null : l.nodeMask().text(),
          l.ioPriority(),
          bytes(l.ioLimit()),
          count(l.iopsLimit()),
          count(l.numfile()),
          count(l.numpty()));
    }

    Limits toLimits() {
      return new LimitsBuilder()
          .ram(size(ram))
          .swap(size(swap))
          .guarantee(memoryGuarantee)
          .cpuPercent(cpuPercent)
          .cpuUnits(cpuUnits)
          .cpus(cpus)
          .cpuMask(cpuMask == null ? null : new CpuList(cpuMask))
          .nodeMask(nodeMask == null ? null : new CpuList(nodeMask))
          .ioPriority(ioPriority)
          .ioLimit(size(ioLimit))
          .iopsLimit(number(iopsLimit))
          .numproc(number(numproc))
          .numfile(number(numfile))
          .numpty(number(numpty))
          .build();
    }

    private static @Nullable Long count(@Nullable Long value) {
      return value == null || value != Long.MAX_VALUE ? value : Long.valueOf(UNLIMITED);
    }

    private static @Nullable Long number(@Nullable Long value) {
      return value == null || value != UNLIMITED ? value : Long.valueOf(Long.MAX_VALUE);
    }

    private static @Nullable Long bytes(@Nullable ByteSize size) {
      return size == null ? null : Long.valueOf(size.unlimited() ? UNLIMITED : size.bytes());
    }

    private static @Nullable ByteSize size(@Nullable Long bytes) {
      return bytes == null ? null : bytes == UNLIMITED ? ByteSize.UNLIMITED : new ByteSize(bytes);
    }
  }

  /** What it uses now. */
  public record UsageJson(long processes, long memory, double cpuSeconds) {
    static UsageJson of(Usage u) {
      return new UsageJson(u.processes(), u.memory(), u.cpu().toMillis() / 1000.0);
    }
  }

  static ContainerJson of(ContainerView view) {
    Container c = view.container();
    return new ContainerJson(
        c.ctid().value(),
        c.uuid(),
        c.name(),
        c.hostname(),
        c.description(),
        c.template(),
        c.generation(),
        view.status().word(),
        view.ready(),
        view.operation(),
        c.ids().privileged(),
        c.ids().base(),
        c.onboot(),
        c.bootOrder(),
        c.disabled(),
        c.stopTimeoutSeconds(),
        LimitsJson.of(c.limits()),
        view.uses().get().map(UsageJson::of).orElse(null),
        view.startedAt(),
        c.created(),
        view.root().toString(),
        view.privateArea().toString(),
        NetworkJson.of(view),
        DiskJson.of(view),
        AccessJson.of(c.access()),
        c.labels().values(),
        c.extra());
  }
}
