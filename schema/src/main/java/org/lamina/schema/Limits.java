package org.lamina.schema;

import org.jspecify.annotations.Nullable;

/**
 * Resource limits of one container; null means "as the host gives", which is unlimited. Put
 * together by name with {@link #edit}.
 *
 * @param ram memory without swap, whole pages
 * @param swap swap alone, whole pages
 * @param guarantee percent of {@code ram} the host does not take back, 0..100; 0 is "auto", none
 * @param cpuPercent hundredths of one CPU (50 is half of one CPU, 200 is two), 0 for no limit
 * @param cpuUnits relative weight 8..500000, 1000 by default
 * @param cpus how many of the host's CPUs are used at once, 0 for no limit
 * @param cpuMask which CPUs
 * @param nodeMask which memory nodes
 * @param ioPriority 0..7, 4 by default
 * @param ioLimit bytes a second, reading and writing each; unlimited for no limit
 * @param iopsLimit operations a second, reading and writing each; {@link Long#MAX_VALUE} for
 *     unlimited
 * @param numproc processes and threads; {@link Long#MAX_VALUE} for unlimited
 * @param numfile open files of one process; {@link Long#MAX_VALUE} for the host's default
 * @param numpty terminals; {@link Long#MAX_VALUE} for unlimited
 */
public record Limits(
    @Nullable ByteSize ram,
    @Nullable ByteSize swap,
    @Nullable Integer guarantee,
    @Nullable Double cpuPercent,
    @Nullable Integer cpuUnits,
    @Nullable Integer cpus,
    @Nullable CpuList cpuMask,
    @Nullable CpuList nodeMask,
    @Nullable Integer ioPriority,
    @Nullable ByteSize ioLimit,
    @Nullable Long iopsLimit,
    @Nullable Long numproc,
    @Nullable Long numfile,
    @Nullable Long numpty) {
  public static final Limits NONE = new LimitsBuilder().build();

  /** The limits most containers have. */
  public Limits(
      @Nullable ByteSize ram,
      @Nullable ByteSize swap,
      @Nullable Double cpuPercent,
      @Nullable Integer cpuUnits,
      @Nullable Long numproc) {
    this(
        ram,
        swap,
        null,
        cpuPercent,
        cpuUnits,
        null,
        null,
        null,
        null,
        null,
        null,
        numproc,
        null,
        null);
  }

  /** A copy that differs in what is set on the builder. */
  public LimitsBuilder edit() {
    return new LimitsBuilder(this);
  }

  /** These limits with every value that {@code change} gives put over them. */
  public Limits with(Limits change) {
    return new Limits(
        or(change.ram, ram),
        or(change.swap, swap),
        or(change.guarantee, guarantee),
        or(change.cpuPercent, cpuPercent),
        or(change.cpuUnits, cpuUnits),
        or(change.cpus, cpus),
        or(change.cpuMask, cpuMask),
        or(change.nodeMask, nodeMask),
        or(change.ioPriority, ioPriority),
        or(change.ioLimit, ioLimit),
        or(change.iopsLimit, iopsLimit),
        or(change.numproc, numproc),
        or(change.numfile, numfile),
        or(change.numpty, numpty));
  }

  private static <T> @Nullable T or(@Nullable T first, @Nullable T second) {
    return first != null ? first : second;
  }
}
