package org.lamina.agent;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything the kernel counts of a running container, at one moment; null for what this kernel
 * does not count.
 *
 * @param usage the short form
 * @param cpu time on CPUs
 * @param memory bytes
 * @param disk since the container started, on all disks
 * @param pressure by {@code cpu}, {@code memory} and {@code io}; empty where the kernel was started
 *     without it
 */
public record Statistics(
    Usage usage, Cpu cpu, Memory memory, @Nullable Disk disk, Map<String, Pressure> pressure) {
  /**
   * @param throttled how often the CPU limit took the CPU away, null if it is not counted
   * @param throttledTime for how long
   */
  public record Cpu(@Nullable Long throttled, @Nullable Duration throttledTime) {}

  /**
   * @param workingSet what is in use and not easily given back
   * @param cache page cache of files
   * @param kills processes ended for want of memory
   */
  public record Memory(long workingSet, long cache, @Nullable Long kills) {}

  /** Bytes and operations. */
  public record Disk(long readBytes, long writtenBytes, long reads, long writes) {}

  /**
   * Percent of time in which work had to wait, averaged over 10, 60 and 300 seconds.
   *
   * @param some at least one task waited
   * @param full all tasks waited
   */
  public record Pressure(Average some, Average full) {}

  /** Percent, 0 to 100. */
  public record Average(double ten, double sixty, double threeHundred) {}
}
