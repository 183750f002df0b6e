package org.lamina.agent;

import java.time.Duration;

/**
 * What a container uses now, read from its cgroup on the host.
 *
 * @param processes processes and threads
 * @param memory bytes, page cache included
 * @param cpu CPU time since the container started
 * @param counters how close it came to its limits
 */
public record Usage(long processes, long memory, Duration cpu, Counters counters) {
  public Usage(long processes, long memory, Duration cpu) {
    this(processes, memory, cpu, Counters.NONE);
  }
}
