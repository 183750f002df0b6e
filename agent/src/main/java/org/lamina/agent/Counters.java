package org.lamina.agent;

import org.jspecify.annotations.Nullable;

/**
 * How close a container came to its limits since it started; null for what this kernel does not
 * count.
 *
 * @param swap bytes of swap in use
 * @param memoryPeak most bytes of memory at one time
 * @param memoryHits how often memory was asked for beyond the limit
 * @param processesPeak most processes and threads at one time
 * @param processesHits how often a new process was refused
 */
public record Counters(
    @Nullable Long swap,
    @Nullable Long memoryPeak,
    @Nullable Long memoryHits,
    @Nullable Long processesPeak,
    @Nullable Long processesHits) {
  public static final Counters NONE = new Counters(null, null, null, null, null);
}
