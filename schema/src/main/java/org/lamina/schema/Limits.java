package org.lamina.schema;

import org.jspecify.annotations.Nullable;

/**
 * Resource limits of one container; null means "as the host gives", which is unlimited.
 *
 * @param ram memory without swap, whole pages
 * @param swap swap alone, whole pages
 * @param cpuPercent hundredths of one CPU (50 is half of one CPU, 200 is two), 0 for no limit
 * @param cpuUnits relative weight 8..500000, 1000 by default
 * @param numproc processes and threads; {@link Long#MAX_VALUE} for unlimited
 */
public record Limits(
    @Nullable ByteSize ram,
    @Nullable ByteSize swap,
    @Nullable Double cpuPercent,
    @Nullable Integer cpuUnits,
    @Nullable Long numproc) {
  public static final Limits NONE = new Limits(null, null, null, null, null);

  /** These limits with every value that {@code change} gives put over them. */
  public Limits with(Limits change) {
    return new Limits(
        change.ram != null ? change.ram : ram,
        change.swap != null ? change.swap : swap,
        change.cpuPercent != null ? change.cpuPercent : cpuPercent,
        change.cpuUnits != null ? change.cpuUnits : cpuUnits,
        change.numproc != null ? change.numproc : numproc);
  }
}
