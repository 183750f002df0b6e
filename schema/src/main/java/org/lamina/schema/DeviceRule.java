package org.lamina.schema;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Access to a device of the host by its numbers. With neither right it stands for taking an earlier
 * one away.
 *
 * @param block a block device, not a character device
 * @param minor {@link #ALL} for every device of the driver
 */
public record DeviceRule(boolean block, int major, int minor, boolean read, boolean write) {
  public static final int ALL = -1;
  private static final Pattern FORM =
      Pattern.compile("([bc]):([0-9]{1,4}):([0-9]{1,7}|all):([a-z]{1,8})");

  /**
   * Reads {@code b|c:MAJOR:MINOR|all:[r][w][m]} or {@code ...:none}; m, making nodes, is nothing
   * that is forbidden where it is possible.
   *
   * @throws LaminaException BAD_PARAMETER
   */
  public static DeviceRule parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw bad(
          text, "Write b or c, two numbers and rights: c:10:200:rw, b:7:all:r, c:10:200:none.");
    }
    int major = Integer.parseInt(m.group(2));
    int minor = m.group(3).equals("all") ? ALL : Integer.parseInt(m.group(3));
    if (major > 4095 || minor > 1_048_575) {
      throw bad(text, "A major number is at most 4095, a minor number 1048575.");
    }
    String rights = rights(text, m.group(4));
    return new DeviceRule(
        m.group(1).equals("b"), major, minor, rights.contains("r"), rights.contains("w"));
  }

  /** Checks r, w and m in any order, or none, which gives the empty string. */
  static String rights(String text, String rights) {
    if (rights.equals("none")) {
      return "";
    }
    if (rights.contains("q")) {
      throw bad(text, "q, quota calls on a disk, is refused to every container.");
    }
    if (!rights.matches("[rwm]{1,3}") || !rights.matches(".*[rw].*")) {
      throw bad(text, "Rights are r, w or both, or none.");
    }
    return rights;
  }

  static LaminaException bad(String text, String hint) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER, "bad device " + Printable.shorten(text, 60), hint);
  }

  public boolean isNone() {
    return !read && !write;
  }

  /** Whether both are about the same device or devices. */
  public boolean sameDevice(DeviceRule other) {
    return block == other.block && major == other.major && minor == other.minor;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s:%d:%s:%s",
        block ? "b" : "c",
        major,
        minor == ALL ? "all" : Integer.toString(minor),
        word(read, write));
  }

  static String word(boolean read, boolean write) {
    return read ? write ? "rw" : "r" : write ? "w" : "none";
  }
}
