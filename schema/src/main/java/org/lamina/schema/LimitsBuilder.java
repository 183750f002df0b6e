package org.lamina.schema;

import org.jspecify.annotations.Nullable;

/** Puts {@link Limits} together by name instead of by position. Not thread safe. */
public final class LimitsBuilder {
  private @Nullable ByteSize ram;
  private @Nullable ByteSize swap;
  private @Nullable Integer guarantee;
  private @Nullable Double cpuPercent;
  private @Nullable Integer cpuUnits;
  private @Nullable Integer cpus;
  private @Nullable CpuList cpuMask;
  private @Nullable CpuList nodeMask;
  private @Nullable Integer ioPriority;
  private @Nullable ByteSize ioLimit;
  private @Nullable Long iopsLimit;
  private @Nullable Long numproc;
  private @Nullable Long numfile;
  private @Nullable Long numpty;

  public LimitsBuilder() {}

  LimitsBuilder(Limits l) {
    ram = l.ram();
    swap = l.swap();
    guarantee = l.guarantee();
    cpuPercent = l.cpuPercent();
    cpuUnits = l.cpuUnits();
    cpus = l.cpus();
    cpuMask = l.cpuMask();
    nodeMask = l.nodeMask();
    ioPriority = l.ioPriority();
    ioLimit = l.ioLimit();
    iopsLimit = l.iopsLimit();
    numproc = l.numproc();
    numfile = l.numfile();
    numpty = l.numpty();
  }

  public LimitsBuilder ram(@Nullable ByteSize value) {
    ram = value;
    return this;
  }

  public LimitsBuilder swap(@Nullable ByteSize value) {
    swap = value;
    return this;
  }

  public LimitsBuilder guarantee(@Nullable Integer value) {
    guarantee = value;
    return this;
  }

  public LimitsBuilder cpuPercent(@Nullable Double value) {
    cpuPercent = value;
    return this;
  }

  public LimitsBuilder cpuUnits(@Nullable Integer value) {
    cpuUnits = value;
    return this;
  }

  public LimitsBuilder cpus(@Nullable Integer value) {
    cpus = value;
    return this;
  }

  public LimitsBuilder cpuMask(@Nullable CpuList value) {
    cpuMask = value;
    return this;
  }

  public LimitsBuilder nodeMask(@Nullable CpuList value) {
    nodeMask = value;
    return this;
  }

  public LimitsBuilder ioPriority(@Nullable Integer value) {
    ioPriority = value;
    return this;
  }

  public LimitsBuilder ioLimit(@Nullable ByteSize value) {
    ioLimit = value;
    return this;
  }

  public LimitsBuilder iopsLimit(@Nullable Long value) {
    iopsLimit = value;
    return this;
  }

  public LimitsBuilder numproc(@Nullable Long value) {
    numproc = value;
    return this;
  }

  public LimitsBuilder numfile(@Nullable Long value) {
    numfile = value;
    return this;
  }

  public LimitsBuilder numpty(@Nullable Long value) {
    numpty = value;
    return this;
  }

  public Limits build() {
    return new Limits(
        ram,
        swap,
        guarantee,
        cpuPercent,
        cpuUnits,
        cpus,
        cpuMask,
        nodeMask,
        ioPriority,
        ioLimit,
        iopsLimit,
        numproc,
        numfile,
        numpty);
  }
}
