package org.lamina.manager.core;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Statistics;
import org.lamina.agent.Traffic;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Limits;

/**
 * What a container uses, beside its limits and as rates between two readings. Sizes are bytes,
 * times seconds; {@link Long#MAX_VALUE} is unlimited.
 *
 * @param limits those that hold now
 * @param first reading; the same as {@code last} where no rates are wanted
 * @param between the readings
 * @param firstTraffic through its network; null without an address
 * @param lastTraffic likewise at the last reading
 */
public record StatisticsReport(
    Container container,
    Limits limits,
    Statistics first,
    Statistics last,
    Duration between,
    @Nullable Traffic firstTraffic,
    @Nullable Traffic lastTraffic) {

  /** One of a container without addresses. */
  public StatisticsReport(
      Container container, Limits limits, Statistics first, Statistics last, Duration between) {
    this(container, limits, first, last, between, null, null);
  }

  /** Percent of one CPU between the readings; null if there is only one. */
  public @Nullable Double cpuPercent() {
    Double nanos = rate(last.usage().cpu().minus(first.usage().cpu()).toNanos());
    return nanos == null ? null : Double.valueOf(nanos / 1e7);
  }

  /** A number that grew between the readings, by second; null if there is only one. */
  public @Nullable Double rate(long growth) {
    return between.isZero() ? null : (double) growth / between.toNanos() * 1e9;
  }

  /** As JSON has it, in the order in which people read it. */
  public Map<String, @Nullable Object> toMap() {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("ctid", container.ctid().value());
    all.put("cpu", cpu());
    all.put("memory", memory());
    all.put("disk", disk());
    all.put("network", network());
    Map<String, @Nullable Object> processes = new LinkedHashMap<>();
    processes.put("current", last.usage().processes());
    processes.put("peak", last.usage().counters().processesPeak());
    processes.put("limit", limits.numproc());
    processes.put("refused", last.usage().counters().processesHits());
    all.put("processes", processes);
    all.put("pressure", last.pressure());
    return all;
  }

  private Map<String, @Nullable Object> cpu() {
    Map<String, @Nullable Object> cpu = new LinkedHashMap<>();
    cpu.put("percent", cpuPercent());
    cpu.put("limit_percent", limits.cpuPercent());
    cpu.put("cpus", limits.cpus());
    cpu.put("seconds", seconds(last.usage().cpu()));
    cpu.put("throttled", last.cpu().throttled());
    Duration throttled = last.cpu().throttledTime();
    cpu.put("throttled_seconds", throttled == null ? null : seconds(throttled));
    return cpu;
  }

  private Map<String, @Nullable Object> memory() {
    Map<String, @Nullable Object> memory = new LinkedHashMap<>();
    memory.put("current", last.usage().memory());
    memory.put("working_set", last.memory().workingSet());
    memory.put("cache", last.memory().cache());
    memory.put("swap", last.usage().counters().swap());
    memory.put("peak", last.usage().counters().memoryPeak());
    memory.put("limit", bytes(limits.ram()));
    memory.put("swap_limit", bytes(limits.swap()));
    memory.put("limit_hits", last.usage().counters().memoryHits());
    memory.put("killed", last.memory().kills());
    return memory;
  }

  private @Nullable Map<String, @Nullable Object> disk() {
    Statistics.Disk now = last.disk();
    Statistics.Disk before = first.disk();
    if (now == null || before == null) {
      return null;
    }
    Map<String, @Nullable Object> disk = new LinkedHashMap<>();
    disk.put("read", now.readBytes());
    disk.put("written", now.writtenBytes());
    disk.put("reads", now.reads());
    disk.put("writes", now.writes());
    disk.put("read_rate", rate(now.readBytes() - before.readBytes()));
    disk.put("write_rate", rate(now.writtenBytes() - before.writtenBytes()));
    disk.put("rate_limit", bytes(limits.ioLimit()));
    return disk;
  }

  private @Nullable Map<String, @Nullable Object> network() {
    if (lastTraffic == null || firstTraffic == null) {
      return null;
    }
    Map<String, @Nullable Object> network = new LinkedHashMap<>();
    network.put("received", lastTraffic.receivedBytes());
    network.put("received_packets", lastTraffic.receivedPackets());
    network.put("sent", lastTraffic.sentBytes());
    network.put("sent_packets", lastTraffic.sentPackets());
    network.put("receive_rate", receiveRate());
    network.put("send_rate", sendRate());
    return network;
  }

  /** Bytes a second; null without an address or with one reading. */
  public @Nullable Double receiveRate() {
    return lastTraffic == null || firstTraffic == null
        ? null
        : rate(Math.max(0, lastTraffic.receivedBytes() - firstTraffic.receivedBytes()));
  }

  /** Bytes a second; null without an address or with one reading. */
  public @Nullable Double sendRate() {
    return lastTraffic == null || firstTraffic == null
        ? null
        : rate(Math.max(0, lastTraffic.sentBytes() - firstTraffic.sentBytes()));
  }

  private static @Nullable Long bytes(@Nullable ByteSize size) {
    return size == null ? null : Long.valueOf(size.bytes());
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }
}
