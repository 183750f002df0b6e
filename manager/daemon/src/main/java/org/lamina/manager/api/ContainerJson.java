package org.lamina.manager.api;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Usage;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Limits;

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
    Map<String, String> labels,
    Map<String, String> extra) {

  /** Null is no limit of its own; unlimited is shown as -1. */
  public record LimitsJson(
      @Nullable Long ram,
      @Nullable Long swap,
      @Nullable Double cpuPercent,
      @Nullable Integer cpuUnits,
      @Nullable Long numproc) {
    private static final long UNLIMITED = -1;

    static LimitsJson of(Limits l) {
      return new LimitsJson(
          bytes(l.ram()),
          bytes(l.swap()),
          l.cpuPercent(),
          l.cpuUnits(),
          l.numproc() != null && l.numproc() == Long.MAX_VALUE
              ? Long.valueOf(UNLIMITED)
              : l.numproc());
    }

    Limits toLimits() {
      return new Limits(
          size(ram),
          size(swap),
          cpuPercent,
          cpuUnits,
          numproc != null && numproc == UNLIMITED ? Long.valueOf(Long.MAX_VALUE) : numproc);
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
        view.usage() == null ? null : UsageJson.of(view.usage()),
        view.startedAt(),
        c.created(),
        view.root().toString(),
        view.privateArea().toString(),
        c.labels().values(),
        c.extra());
  }
}
