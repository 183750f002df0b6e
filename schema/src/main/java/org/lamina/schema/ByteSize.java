package org.lamina.schema;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A number of bytes, or unlimited.
 *
 * @param bytes 0 and more; {@link Long#MAX_VALUE} means unlimited
 */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
  public static final ByteSize UNLIMITED = new ByteSize(Long.MAX_VALUE);
  private static final long PAGE = 4096;
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,19}(?:\\.[0-9]{1,9})?)([TGMKPBtgmkpb]?)");

  public ByteSize {
    if (bytes < 0) {
      throw new LaminaException(ExitCode.BAD_PARAMETER, "a size cannot be negative: " + bytes);
    }
  }

  public boolean unlimited() {
    return bytes == Long.MAX_VALUE;
  }

  /**
   * Reads the vzctl form: a decimal number with an optional suffix T, G, M, K (times 1024), P
   * (pages of 4096 bytes) or B, or {@code unlimited}.
   *
   * @param bareUnit bytes that a number without a suffix counts
   * @throws LaminaException BAD_PARAMETER
   */
  public static ByteSize parse(String text, long bareUnit) {
    if (text.toLowerCase(Locale.ROOT).equals("unlimited")) {
      return UNLIMITED;
    }
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw bad(text);
    }
    long unit =
        switch (m.group(2).toUpperCase(Locale.ROOT)) {
          case "T" -> 1L << 40;
          case "G" -> 1L << 30;
          case "M" -> 1L << 20;
          case "K" -> 1L << 10;
          case "P" -> PAGE;
          case "B" -> 1;
          default -> bareUnit;
        };
    BigDecimal bytes =
        new BigDecimal(m.group(1))
            .multiply(BigDecimal.valueOf(unit))
            .setScale(0, RoundingMode.HALF_UP);
    if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) >= 0) {
      throw bad(text);
    }
    return new ByteSize(bytes.longValueExact());
  }

  private static LaminaException bad(String text) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER,
        "bad size " + Printable.shorten(text, 40),
        "Write a number with an optional suffix: 512M, 1.5G, 64K, or unlimited.");
  }

  /** Rounded up to whole pages, as memory limits are kept. */
  public ByteSize toPages() {
    return unlimited() || bytes > Long.MAX_VALUE - PAGE
        ? this
        : new ByteSize((bytes + PAGE - 1) / PAGE * PAGE);
  }

  /** Pages of 4096 bytes, rounded up; {@link Long#MAX_VALUE} if unlimited. */
  public long pages() {
    return unlimited() ? Long.MAX_VALUE : toPages().bytes / PAGE;
  }

  /** Short form for people, such as {@code 512.0M}; {@code unlimited} where it is. */
  public String human() {
    if (unlimited()) {
      return "unlimited";
    }
    String[] units = {"B", "K", "M", "G", "T", "P", "E"};
    double value = bytes;
    int i = 0;
    while (value >= 1024 && i < units.length - 1) {
      value /= 1024;
      i++;
    }
    return i == 0 ? bytes + "B" : String.format(Locale.ROOT, "%.1f%s", value, units[i]);
  }

  @Override
  public int compareTo(ByteSize other) {
    return Long.compare(bytes, other.bytes);
  }
}
