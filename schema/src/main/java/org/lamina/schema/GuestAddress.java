package org.lamina.schema;

/**
 * An address of a container, with the network it is written with. The network is kept and shown; on
 * a routed link every address stands alone.
 *
 * @param prefix 1 to 32 or 128
 */
public record GuestAddress(IpAddress address, int prefix) {
  /**
   * @throws LaminaException BAD_IP
   */
  public GuestAddress {
    if (prefix < 1 || prefix > address.bits()) {
      throw new LaminaException(
          ExitCode.BAD_IP,
          "bad prefix length /" + prefix + " of " + address,
          "It runs from 1 to " + address.bits() + ".");
    }
    if (!address.isUsableByHost()) {
      throw new LaminaException(
          ExitCode.BAD_IP,
          "a container cannot have the address " + address,
          "It is a wildcard, loopback, link-local, multicast or reserved address.");
    }
  }

  /**
   * {@code A}, {@code A/24} or, for IPv4, {@code A/255.255.255.0}.
   *
   * @throws LaminaException BAD_IP
   */
  public static GuestAddress parse(String text) {
    int slash = text.indexOf('/');
    IpAddress address = new IpAddress(slash < 0 ? text : text.substring(0, slash));
    if (slash < 0) {
      return new GuestAddress(address, address.bits());
    }
    String mask = text.substring(slash + 1);
    if (mask.matches("[0-9]{1,3}")) {
      return new GuestAddress(address, Integer.parseInt(mask));
    }
    if (!address.isV6() && mask.indexOf('.') > 0) {
      return new GuestAddress(address, length(new IpAddress(mask)));
    }
    throw new LaminaException(
        ExitCode.BAD_IP,
        "bad prefix length \"" + Printable.shorten(mask, 40) + "\" of " + address,
        "Write ADDRESS/LENGTH, such as 192.0.2.10/24.");
  }

  private static int length(IpAddress mask) {
    int bits = 0;
    for (byte b : mask.inet().getAddress()) {
      bits = bits << 8 | (b & 0xff);
    }
    int length = Integer.numberOfLeadingZeros(~bits);
    // 0 for what is no mask: ones after the first zero
    return length < 32 && bits << length != 0 ? 0 : length;
  }

  /** The address alone if its network is only itself. */
  @Override
  public String toString() {
    return prefix == address.bits() ? address.text() : address.text() + "/" + prefix;
  }
}
