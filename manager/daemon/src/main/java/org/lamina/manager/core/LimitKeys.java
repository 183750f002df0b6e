package org.lamina.manager.core;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Limits;

/** Limits as configuration files keep them: memory as {@code 0:PAGES}, counts as plain numbers. */
final class LimitKeys {
  static final Set<String> ALL =
      Set.of("PHYSPAGES", "SWAPPAGES", "CPULIMIT", "CPUUNITS", "NUMPROC");

  static final int MIN_CPU_UNITS = 8;
  static final int MAX_CPU_UNITS = 500_000;
  private static final long PAGE = 4096;
  private static final String UNLIMITED = "unlimited";

  private LimitKeys() {}

  static void render(Limits limits, Map<String, @Nullable String> values) {
    values.put("PHYSPAGES", limits.ram() == null ? null : "0:" + pages(limits.ram()));
    values.put("SWAPPAGES", limits.swap() == null ? null : "0:" + pages(limits.swap()));
    values.put("CPULIMIT", limits.cpuPercent() == null ? null : percent(limits.cpuPercent()));
    values.put("CPUUNITS", limits.cpuUnits() == null ? null : limits.cpuUnits().toString());
    values.put("NUMPROC", limits.numproc() == null ? null : count(limits.numproc()));
  }

  static Limits read(VeConf.Keys keys) {
    return new Limits(
        keys.take("PHYSPAGES", LimitKeys::memory),
        keys.take("SWAPPAGES", LimitKeys::memory),
        keys.take("CPULIMIT", LimitKeys::cpuPercent),
        keys.take("CPUUNITS", LimitKeys::cpuUnits),
        keys.take("NUMPROC", LimitKeys::numproc));
  }

  /** Without a trailing {@code .0}: 50, 12.5. */
  static String percent(double value) {
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

  private static double cpuPercent(String text) {
    double value =
        Double.parseDouble(text.endsWith("%") ? text.substring(0, text.length() - 1) : text);
    if (!(value >= 0 && value <= 1_000_000)) {
      throw new IllegalArgumentException("is not a percentage of one CPU");
    }
    return value;
  }

  /** Out of range is cut to the range, as the original does for what it reads from a file. */
  private static int cpuUnits(String text) {
    long units = Long.parseLong(text);
    return Math.clamp(units, MIN_CPU_UNITS, MAX_CPU_UNITS);
  }

  private static long numproc(String text) {
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
