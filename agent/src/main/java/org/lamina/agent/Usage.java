package org.lamina.agent;

import java.time.Duration;

/**
 * What a container uses now, read from its cgroup on the host.
 *
 * @param processes processes and threads
 * @param memory bytes, page cache included
 * @param cpu CPU time since the container started
 */
public record Usage(long processes, long memory, Duration cpu) {}
