package org.lamina.schema;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/**
 * An IPv4 or IPv6 address in its one canonical spelling (RFC 5952), never looked up by name.
 *
 * @param text such as {@code 192.0.2.1} or {@code 2001:db8::1}
 */
public record IpAddress(String text) implements Comparable<IpAddress> {
  private static final Pattern V4 =
      Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]{2,45}");

  /**
   * @throws LaminaException BAD_IP
   */
  public IpAddress {
    text = canonical(text);
  }

  public boolean isV6() {
    return text.indexOf(':') >= 0;
  }

  /** Bits of the address, 32 or 128. */
  public int bits() {
    return isV6() ? 128 : 32;
  }

  /** As the JDK has it. */
  public InetAddress inet() {
    return InetAddress.ofLiteral(text);
  }

  /** An address that one machine can be reached by from others. */
  public boolean isUsableByHost() {
    InetAddress a = inet();
    return !a.isAnyLocalAddress()
        && !a.isLoopbackAddress()
        && !a.isMulticastAddress()
        && !a.isLinkLocalAddress()
        && (isV6() || ((a.getAddress()[0] & 0xff) < 224 && a.getAddress()[0] != 0));
  }

  /** Of a range that the internet does not route: RFC 1918, RFC 6598, RFC 4193. */
  public boolean isPrivate() {
    byte[] b = inet().getAddress();
    int first = b[0] & 0xff;
    int second = b[1] & 0xff;
    return isV6()
        ? (first & 0xfe) == 0xfc
        : first == 10
            || (first == 172 && (second & 0xf0) == 16)
            || (first == 192 && second == 168)
            || (first == 100 && (second & 0xc0) == 64);
  }

  /** Whether the first bits of both are the same; false across families. */
  public boolean sharesPrefix(InetAddress other, int length) {
    byte[] a = inet().getAddress();
    byte[] b = other.getAddress();
    if (a.length != b.length) {
      return false;
    }
    for (int bit = 0; bit < length; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((a[bit / 8] & mask) != (b[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static String canonical(String typed) {
    try {
      if (V4.matcher(typed).matches()) {
        return Inet4Address.ofLiteral(typed).getHostAddress();
      }
      if (typed.indexOf(':') >= 0
          && V6.matcher(typed).matches()
          && InetAddress.ofLiteral(typed) instanceof Inet6Address six) {
        return compressed(six.getAddress());
      }
    } catch (IllegalArgumentException e) {
      throw bad(typed, e);
    }
    throw bad(typed, null);
  }

  private static LaminaException bad(String typed, @org.jspecify.annotations.Nullable Exception e) {
    return new LaminaException(
        ExitCode.BAD_IP,
        "bad IP address \"" + Printable.shorten(typed, 60) + "\"",
        "Write an address such as 192.0.2.10 or 2001:db8::10.",
        e);
  }

  /** The longest run of two and more zero groups, the first of equals, becomes {@code ::}. */
  private static String compressed(byte[] bytes) {
    int[] groups = new int[8];
    for (int i = 0; i < 8; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int start = -1;
    int length = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && groups[end] == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
    }
    StringBuilder out = new StringBuilder();
    int i = 0;
    while (i < 8) {
      if (i == start) {
        out.append("::");
        i += length;
      } else {
        if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
          out.append(':');
        }
        out.append(Integer.toHexString(groups[i++]));
      }
    }
    return out.toString();
  }

  @Override
  public int compareTo(IpAddress other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
