package org.lamina.console.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the kernel counts of a running container; null is what it does not count.
 *
 * @param disk since it started, on all disks
 * @param pressure by resource
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Counters(
    int ctid,
    @Nullable Memory memory,
    @Nullable Disk disk,
    @Nullable Map<String, Pressure> pressure) {
  public Counters {
    pressure = pressure == null ? Map.of() : Map.copyOf(pressure);
  }

  /**
   * Bytes.
   *
   * @param cache page cache of files
   * @param killed processes ended for want of memory
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Memory(
      @JsonProperty("working_set") long workingSet,
      long cache,
      @Nullable Long swap,
      @Nullable Long killed) {}

  /** Bytes. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Disk(long read, long written) {}

  /** Of time in which at least one process had to wait. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Pressure(Average some) {}

  /** Percent of the last ten seconds. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Average(double ten) {}

  /** Percent of the last ten seconds, of the resource that was waited for most; null if unknown. */
  public @Nullable Double waiting() {
    return pressure == null || pressure.isEmpty()
        ? null
        : Double.valueOf(pressure.values().stream().mapToDouble(p -> p.some.ten).max().orElse(0));
  }
}
