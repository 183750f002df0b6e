package org.lamina.manager.cli;

import java.math.BigDecimal;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CpuList;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** Option values as operators write them. Every method throws BAD_PARAMETER naming the option. */
public final class Values {
  private static final Pattern WHOLE = Pattern.compile("[0-9]{1,18}");
  private static final Pattern PERCENT = Pattern.compile("([0-9]{1,7}(?:\\.[0-9]{1,2})?)%?");

  private Values() {}

  public static boolean yesNo(String option, String text) {
    return switch (text) {
      case "yes" -> true;
      case "no" -> false;
      default -> throw bad(option, text, "Write yes or no.");
    };
  }

  /** A whole number without sign or suffix. */
  public static long whole(String option, String text, long least, long most) {
    if (WHOLE.matcher(text).matches()) {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw bad(option, text, "Write a whole number from " + least + " to " + most + ".");
  }

  public static int integer(String option, String text, int least, int most) {
    return (int) whole(option, text, least, most);
  }

  /**
   * Memory in bytes with suffix. A bare number below 1 MiB is refused: it is a forgotten suffix,
   * and as bytes it would kill the container.
   */
  public static ByteSize memory(String option, String text) {
    ByteSize size = size(option, text, 1);
    if (!size.unlimited() && size.bytes() < 1 << 20 && size.bytes() > 0) {
      throw bad(option, text, "That is less than 1 MiB; did you mean " + text + "M?");
    }
    return size.toPages();
  }

  /** Memory in pages of 4096 bytes, {@code barrier:limit} or one value; the limit counts. */
  public static ByteSize pages(String option, String text) {
    return size(option, limitOf(option, text), 4096).toPages();
  }

  /** Bytes a second; 0 and {@code unlimited} for no limit. A bare number is a forgotten suffix. */
  public static ByteSize rate(String option, String text, long least) {
    ByteSize rate = size(option, text, 1);
    if (rate.unlimited() || rate.bytes() == 0) {
      return ByteSize.UNLIMITED;
    }
    if (rate.bytes() < least) {
      throw bad(
          option,
          text,
          WHOLE.matcher(text).matches()
              ? "That is bytes a second; did you mean " + text + "M?"
              : "The least is " + new ByteSize(least).human() + " a second.");
    }
    return rate;
  }

  /** Percent of something, with or without the sign; {@code auto} is 0. */
  public static int percentOrAuto(String option, String text) {
    return text.equals("auto")
        ? 0
        : integer(option, text.endsWith("%") ? text.substring(0, text.length() - 1) : text, 0, 100);
  }

  /** A whole number, where {@code unlimited} and 0 are the same. */
  public static long wholeOrUnlimited(String option, String text, long most) {
    return text.equals("unlimited") ? 0 : whole(option, text, 0, most);
  }

  /** CPUs or memory nodes. */
  public static CpuList list(String option, String text) {
    try {
      return new CpuList(text);
    } catch (LaminaException e) {
      throw bad(option, text, e.hint().orElse(null));
    }
  }

  /** A size of which a bare number counts {@code unit} bytes. */
  public static ByteSize size(String option, String text, long unit) {
    try {
      return ByteSize.parse(text, unit);
    } catch (LaminaException e) {
      throw bad(option, text, "Write a number with a suffix such as 512M or 1.5G, or unlimited.");
    }
  }

  /** Percent of one CPU, 0 or {@code unlimited} for none. */
  public static double cpuLimit(String option, String text) {
    if (text.equals("unlimited")) {
      return 0;
    }
    var m = PERCENT.matcher(text);
    if (m.matches()) {
      double percent = new BigDecimal(m.group(1)).doubleValue();
      if (percent == 0 || (percent >= 1 && percent <= 1_000_000)) {
        return percent;
      }
    }
    throw bad(
        option,
        text,
        "Write percent of one CPU: 50 is half of a CPU, 200 is two CPUs, 0 is no limit.");
  }

  /** A count, {@code barrier:limit} or one value or {@code unlimited}; the limit counts. */
  public static long count(String option, String text) {
    String limit = limitOf(option, text);
    if (limit.equals("unlimited")) {
      return Long.MAX_VALUE;
    }
    if (!WHOLE.matcher(limit).matches() || Long.parseLong(limit) < 1) {
      throw bad(option, text, "Write a whole number from 1, without suffix, or unlimited.");
    }
    return Long.parseLong(limit);
  }

  /** Space on the disk, {@code SOFT:HARD} or one value; a bare number counts KiB, as in OpenVZ. */
  public static DiskLimits.Pair diskSpace(String option, String text) {
    DiskLimits.Pair pair = pair(option, text, DiskLimits::space);
    if (pair.soft() < DiskLimits.LEAST_SPACE) {
      throw bad(
          option,
          text,
          WHOLE.matcher(text).matches()
              ? "That is in KiB; did you mean " + text + "G?"
              : "The least is " + new ByteSize(DiskLimits.LEAST_SPACE).human() + ".");
    }
    return pair;
  }

  /** Numbers of files, {@code SOFT:HARD} or one value. */
  public static DiskLimits.Pair diskInodes(String option, String text) {
    DiskLimits.Pair pair = pair(option, text, DiskLimits::inodes);
    if (pair.soft() < DiskLimits.LEAST_INODES) {
      throw bad(option, text, "The least is " + DiskLimits.LEAST_INODES + ".");
    }
    return pair;
  }

  private static DiskLimits.Pair pair(
      String option, String text, Function<String, DiskLimits.Pair> read) {
    try {
      return read.apply(text);
    } catch (LaminaException e) {
      throw bad(option, text, e.hint().orElse(null));
    }
  }

  private static String limitOf(String option, String text) {
    int colon = text.indexOf(':');
    String limit = text.substring(colon + 1);
    if (colon == 0 || limit.isEmpty() || limit.contains(":")) {
      throw bad(option, text, "Write one value, or BARRIER:LIMIT.");
    }
    return limit;
  }

  public static LaminaException bad(String option, String text, @Nullable String hint) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER,
        "bad value for " + option + ": '" + Printable.shorten(text, 40) + "'",
        hint);
  }
}
