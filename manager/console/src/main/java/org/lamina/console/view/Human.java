package org.lamina.console.view;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ByteSize;

/** Numbers as people read them. Pure. */
public final class Human {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private Human() {}

  /** Bytes, where a negative number is unlimited. */
  public static String size(long bytes) {
    return bytes < 0 ? "unlimited" : new ByteSize(bytes).human();
  }

  /** A limit as the API tells it; null is the host's. */
  public static @Nullable String limit(@Nullable Long value) {
    return value == null ? null : value < 0 ? "unlimited" : value.toString();
  }

  public static @Nullable String sizeLimit(@Nullable Long bytes) {
    return bytes == null ? null : size(bytes);
  }

  /** Two units at most: {@code 3d 4h}, {@code 12m 5s}, {@code 0.4s}. */
  public static String duration(Duration d) {
    long seconds = Math.max(0, d.toSeconds());
    if (seconds >= 86_400) {
      return seconds / 86_400 + "d " + seconds / 3600 % 24 + "h";
    }
    if (seconds >= 3600) {
      return seconds / 3600 + "h " + seconds / 60 % 60 + "m";
    }
    if (seconds >= 60) {
      return seconds / 60 + "m " + seconds % 60 + "s";
    }
    return seconds >= 10
        ? seconds + "s"
        : String.format(Locale.ROOT, "%.1fs", Math.max(0, d.toMillis()) / 1000.0);
  }

  public static String time(Instant when, ZoneId zone) {
    return MINUTE.format(when.atZone(zone));
  }

  public static String percent(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  /** {@code 1 container}, {@code 2 containers}. */
  public static String count(long n, String thing) {
    return n + " " + thing + (n == 1 ? "" : "s");
  }
}
