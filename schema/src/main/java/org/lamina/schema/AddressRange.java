package org.lamina.schema;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Addresses one after the other, of one family.
 *
 * @param prefix length of the network they lie in, which addresses taken from here are written with
 */
public record AddressRange(IpAddress first, IpAddress last, int prefix) {
  /** How far a search for a free address goes; no host has as many containers. */
  private static final int MOST_TRIES = 1 << 20;

  private static final int V4_RESERVED = 30;

  /**
   * @throws LaminaException BAD_IP
   */
  public AddressRange {
    if (first.isV6() != last.isV6() || number(first).compareTo(number(last)) > 0) {
      throw new LaminaException(
          ExitCode.BAD_IP, first + "-" + last + " is no range: it ends before it begins");
    }
    if (prefix < 1 || prefix > first.bits()) {
      throw new LaminaException(ExitCode.BAD_IP, "bad prefix length /" + prefix);
    }
  }

  /**
   * {@code NETWORK/LENGTH}, without the network's own address and, of IPv4, its last, or {@code
   * FIRST-LAST[/LENGTH]}.
   *
   * @throws LaminaException BAD_IP
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    int dash = text.indexOf('-');
    try {
      String body = slash < 0 ? text : text.substring(0, slash);
      if (dash >= 0) {
        IpAddress first = new IpAddress(body.substring(0, dash));
        IpAddress last = new IpAddress(body.substring(dash + 1));
        int prefix = slash < 0 ? first.bits() : Integer.parseInt(text.substring(slash + 1));
        return checked(new AddressRange(first, last, prefix));
      }
      if (slash > 0) {
        IpAddress base = new IpAddress(body);
        return network(base, Integer.parseInt(text.substring(slash + 1)));
      }
    } catch (NumberFormatException e) {
      throw bad(text);
    }
    throw bad(text);
  }

  private static LaminaException bad(String text) {
    return new LaminaException(
        ExitCode.BAD_IP,
        "bad range \"" + Printable.shorten(text, 80) + "\"",
        "Write NETWORK/LENGTH, or FIRST-LAST, such as 192.0.2.0/24 or 192.0.2.10-192.0.2.99.");
  }

  private static AddressRange network(IpAddress base, int prefix) {
    int bits = base.bits();
    if (prefix < 8 || prefix > bits) {
      throw new LaminaException(
          ExitCode.BAD_IP, "bad prefix length /" + prefix, "It runs from 8 to " + bits + ".");
    }
    BigInteger size = BigInteger.ONE.shiftLeft(bits - prefix);
    BigInteger start = number(base);
    if (start.mod(size).signum() != 0) {
      throw new LaminaException(
          ExitCode.BAD_IP,
          base + "/" + prefix + " is not the address of a network",
          "Did you mean " + address(start.subtract(start.mod(size)), bits) + "/" + prefix + "?");
    }
    BigInteger end = start.add(size).subtract(BigInteger.ONE);
    if (base.isV6() ? prefix < bits - 1 : prefix <= V4_RESERVED) {
      start = start.add(BigInteger.ONE);
    }
    if (!base.isV6() && prefix <= V4_RESERVED) {
      end = end.subtract(BigInteger.ONE);
    }
    return checked(new AddressRange(address(start, bits), address(end, bits), prefix));
  }

  /** All of the network that an address lies in. */
  public static AddressRange around(InetAddress address, int prefix) {
    byte[] raw = address.getAddress();
    int bits = raw.length * 8;
    BigInteger size = BigInteger.ONE.shiftLeft(bits - prefix);
    BigInteger number = new BigInteger(1, raw);
    BigInteger start = number.subtract(number.mod(size));
    return new AddressRange(
        address(start, bits), address(start.add(size).subtract(BigInteger.ONE), bits), prefix);
  }

  private static AddressRange checked(AddressRange range) {
    // As addresses of containers are checked.
    var _ = new GuestAddress(range.first, range.prefix);
    var _ = new GuestAddress(range.last, range.prefix);
    return range;
  }

  public boolean isV6() {
    return first.isV6();
  }

  public boolean contains(IpAddress address) {
    return address.isV6() == isV6()
        && number(address).compareTo(number(first)) >= 0
        && number(address).compareTo(number(last)) <= 0;
  }

  public boolean overlaps(AddressRange other) {
    return contains(other.first) || other.contains(first);
  }

  /** How many addresses there are. */
  public BigInteger size() {
    return number(last).subtract(number(first)).add(BigInteger.ONE);
  }

  /** The lowest address that is not taken. */
  public Optional<IpAddress> next(Collection<IpAddress> taken) {
    Set<IpAddress> used = new HashSet<>(taken);
    BigInteger end = number(last);
    BigInteger at = number(first);
    for (int tries = 0; tries < MOST_TRIES && at.compareTo(end) <= 0; tries++) {
      IpAddress candidate = address(at, first.bits());
      if (!used.contains(candidate)) {
        return Optional.of(candidate);
      }
      at = at.add(BigInteger.ONE);
    }
    return Optional.empty();
  }

  private static BigInteger number(IpAddress address) {
    return new BigInteger(1, address.inet().getAddress());
  }

  private static IpAddress address(BigInteger number, int bits) {
    byte[] bytes = new byte[bits / 8];
    byte[] raw = number.toByteArray();
    for (int i = 1; i <= Math.min(raw.length, bytes.length); i++) {
      bytes[bytes.length - i] = raw[raw.length - i];
    }
    try {
      String text = InetAddress.getByAddress(bytes).getHostAddress();
      return new IpAddress(text);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** {@code FIRST-LAST/LENGTH}. */
  @Override
  public String toString() {
    return first + "-" + last + "/" + prefix;
  }
}
