package org.lamina.schema;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Limits as configuration files keep them: memory as {@code 0:PAGES}, counts as plain numbers. */
public final class LimitKeys {
  public static final Set<String> ALL =
      Set.of(
          "PHYSPAGES",
          "SWAPPAGES",
          "MEMGUARANTEE",
          "CPULIMIT",
          "CPUUNITS",
          "CPUS",
          "CPUMASK",
          "NODEMASK",
          "IOPRIO",
          "IOLIMIT",
          "IOPSLIMIT",
          "NUMPROC",
          "NUMFILE",
          "NUMPTY");

  public static final int MIN_CPU_UNITS = 8;
  public static final int MAX_CPU_UNITS = 500_000;
  public static final int MAX_CPUS = 8192;
  public static final int MAX_IO_PRIORITY = 7;

  /** Less would not let a container start in any reasonable time. */
  public static final long MIN_IO_LIMIT = 64 << 10;

  private static final long PAGE = 4096;
  private static final String UNLIMITED = "unlimited";

  /** Where the values come from. */
  public interface Source {
    /**
     * The value of a key, or null if it is missing or empty.
     *
     * @param read throws IllegalArgumentException or {@link LaminaException} for a bad value
     */
    <T> @Nullable T take(String key, Function<String, ? extends @Nullable T> read);
  }

  private LimitKeys() {}

  /** Every key, null for those that are not limited. */
  public static void render(Limits l, Map<String, @Nullable String> values) {
    put(values, "PHYSPAGES", l.ram(), ram -> "0:" + pages(ram));
    put(values, "SWAPPAGES", l.swap(), swap -> "0:" + pages(swap));
    put(values, "MEMGUARANTEE", l.guarantee(), g -> g == 0 ? "auto" : g.toString());
    put(values, "CPULIMIT", l.cpuPercent(), LimitKeys::percent);
    put(values, "CPUUNITS", l.cpuUnits(), Object::toString);
    put(values, "CPUS", l.cpus(), Object::toString);
    put(values, "CPUMASK", l.cpuMask(), CpuList::text);
    put(values, "NODEMASK", l.nodeMask(), CpuList::text);
    put(values, "IOPRIO", l.ioPriority(), Object::toString);
    put(values, "IOLIMIT", l.ioLimit(), rate -> rate.unlimited() ? "0" : "" + rate.bytes());
    put(values, "IOPSLIMIT", l.iopsLimit(), rate -> rate == Long.MAX_VALUE ? "0" : "" + rate);
    put(values, "NUMPROC", l.numproc(), LimitKeys::count);
    put(values, "NUMFILE", l.numfile(), LimitKeys::count);
    put(values, "NUMPTY", l.numpty(), LimitKeys::count);
  }

  private static <T> void put(
      Map<String, @Nullable String> values,
      String key,
      @Nullable T value,
      Function<T, String> text) {
    values.put(key, value == null ? null : text.apply(value));
  }

  public static Limits read(Source keys) {
    return new LimitsBuilder()
        .ram(keys.take("PHYSPAGES", LimitKeys::memory))
        .swap(keys.take("SWAPPAGES", LimitKeys::memory))
        .guarantee(keys.take("MEMGUARANTEE", LimitKeys::guarantee))
        .cpuPercent(keys.take("CPULIMIT", LimitKeys::cpuPercent))
        .cpuUnits(keys.take("CPUUNITS", t -> number(t, MIN_CPU_UNITS, MAX_CPU_UNITS)))
        .cpus(keys.take("CPUS", t -> isUnlimited(t) ? 0 : number(t, 0, MAX_CPUS)))
        .cpuMask(keys.take("CPUMASK", CpuList::new))
        .nodeMask(keys.take("NODEMASK", CpuList::new))
        .ioPriority(keys.take("IOPRIO", t -> number(t, 0, MAX_IO_PRIORITY)))
        .ioLimit(keys.take("IOLIMIT", LimitKeys::rate))
        .iopsLimit(keys.take("IOPSLIMIT", t -> orUnlimited(isUnlimited(t) ? 0 : whole(t))))
        .numproc(keys.take("NUMPROC", LimitKeys::counted))
        .numfile(keys.take("NUMFILE", LimitKeys::counted))
        .numpty(keys.take("NUMPTY", LimitKeys::counted))
        .build();
  }

  /** Without a trailing {@code .0}: 50, 12.5. */
  public static String percent(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  private static String pages(ByteSize size) {
    return size.unlimited() ? UNLIMITED : Long.toString(size.pages());
  }

  private static String count(long value) {
    return value == Long.MAX_VALUE ? UNLIMITED : Long.toString(value);
  }

  /** {@code barrier:limit} or one value for both; a bare number counts pages. */
  private static ByteSize memory(String text) {
    String limit = limit(text);
    return isUnlimited(limit) ? ByteSize.UNLIMITED : ByteSize.parse(limit, PAGE).toPages();
  }

  private static int guarantee(String text) {
    return text.equals("auto") ? 0 : number(withoutPercent(text), 0, 100);
  }

  private static double cpuPercent(String text) {
    double value = Double.parseDouble(withoutPercent(text));
    if (!(value >= 0 && value <= 1_000_000)) {
      throw new IllegalArgumentException("is not a percentage of one CPU");
    }
    return value;
  }

  private static String withoutPercent(String text) {
    return text.endsWith("%") ? text.substring(0, text.length() - 1) : text;
  }

  /** Out of range is cut to the range, as the original does for what it reads from a file. */
  private static int number(String text, int least, int most) {
    return Math.clamp(Long.parseLong(text), least, most);
  }

  private static ByteSize rate(String text) {
    if (isUnlimited(text)) {
      return ByteSize.UNLIMITED;
    }
    long bytes = ByteSize.parse(text, 1).bytes();
    return bytes == 0 ? ByteSize.UNLIMITED : new ByteSize(Math.max(bytes, MIN_IO_LIMIT));
  }

  private static long whole(String text) {
    long value = Long.parseLong(text);
    if (value < 0) {
      throw new IllegalArgumentException("is negative");
    }
    return value;
  }

  private static long orUnlimited(long value) {
    return value == 0 ? Long.MAX_VALUE : value;
  }

  private static long counted(String text) {
    String limit = limit(text);
    long value = isUnlimited(limit) ? Long.MAX_VALUE : Long.parseLong(limit);
    if (value < 1) {
      throw new IllegalArgumentException("is less than 1");
    }
    return value;
  }

  private static String limit(String text) {
    return text.substring(text.indexOf(':') + 1);
  }

  private static boolean isUnlimited(String text) {
    return text.equals(UNLIMITED) || text.equals(Long.toString(Long.MAX_VALUE));
  }
}
