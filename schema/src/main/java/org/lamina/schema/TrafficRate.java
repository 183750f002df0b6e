package org.lamina.schema;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How fast a container may receive, and likewise send.
 *
 * @param kbit thousands of bits per second, 8 to 100,000,000; 0 for no limit
 */
public record TrafficRate(long kbit) {
  public static final TrafficRate NONE = new TrafficRate(0);
  private static final long LEAST = 8;
  private static final long MOST = 100_000_000;

  /** OpenVZ names a device and a class of peers as well. */
  private static final Pattern FORM =
      Pattern.compile("(?:[A-Za-z0-9.*_-]{1,15}:[0-9]{1,2}:)?([0-9]{1,10})");

  /**
   * @throws LaminaException BAD_PARAMETER
   */
  public TrafficRate {
    if (kbit != 0 && (kbit < LEAST || kbit > MOST)) {
      throw bad(Long.toString(kbit));
    }
  }

  /**
   * {@code KBIT}, or {@code DEVICE:CLASS:KBIT} as OpenVZ writes it; the limit is one for all
   * devices and classes.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static TrafficRate parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw bad(text);
    }
    return new TrafficRate(Long.parseLong(m.group(1)));
  }

  private static LaminaException bad(String text) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER,
        "bad rate \"" + Printable.shorten(text, 40) + "\"",
        "Write kilobits per second, " + LEAST + " to " + MOST + ", or 0 for no limit.");
  }

  public boolean isLimited() {
    return kbit != 0;
  }

  /** As configuration files keep it. */
  @Override
  public String toString() {
    return "*:1:" + kbit;
  }
}
