package org.lamina.console.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamina.console.select.Selectable;

/** A container as the API tells it; what a newer daemon adds is left out. */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ContainerInfo(
    int ctid,
    @Nullable String uuid,
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
    @Nullable Bounds limits,
    @Nullable Use usage,
    @Nullable Instant startedAt,
    @Nullable Instant created,
    @Nullable String root,
    @Nullable String privateArea,
    @Nullable Map<String, String> labels,
    @Nullable Net network,
    @Nullable Disk disk)
    implements Selectable {
  public ContainerInfo {
    labels = labels == null ? Map.of() : Map.copyOf(labels);
  }

  @Override
  public Map<String, String> labels() {
    return labels == null ? Map.of() : labels;
  }

  /** Its labels as {@code set --label} takes them, or null. */
  public @Nullable String labelText() {
    return labels().isEmpty()
        ? null
        : labels().entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining(","));
  }

  /** Its network; no traffic without an address. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Net(@Nullable Traffic traffic) {}

  /** As it sees it, since it was connected. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Traffic(
      long receivedBytes, long receivedPackets, long sentBytes, long sentPackets) {}

  /** How its files lie, bytes and files; null is what is not limited or not counted. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Disk(
      @Nullable String layout,
      @Nullable Long space,
      @Nullable Long inodes,
      @Nullable Long used,
      @Nullable Long usedInodes) {}

  /** Null is no limit of its own, -1 unlimited; sizes in bytes, CPU in percent of one. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Bounds(
      @Nullable Long ram,
      @Nullable Long swap,
      @Nullable Double cpuPercent,
      @Nullable Integer cpuUnits,
      @Nullable Long numproc) {}

  /** What it uses now. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Use(long processes, long memory, double cpuSeconds) {}

  public boolean running() {
    return status.equals("running");
  }

  /** Its id, and its name behind it where it has one. */
  public String title() {
    return name == null ? Integer.toString(ctid) : ctid + " " + name;
  }
}
