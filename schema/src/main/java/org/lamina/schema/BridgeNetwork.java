package org.lamina.schema;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A network of the host's own for bridged interfaces: a bridge with the host as gateway, which
 * borrows its addresses to those inside on their way out, answers DHCP and resolves names.
 *
 * @param name of the bridge
 * @param subnet4 {@code NETWORK/LENGTH}; the host has its first address
 * @param subnet6 likewise, or null for no IPv6
 * @param domain that the names of its containers are in
 */
public record BridgeNetwork(String name, String subnet4, @Nullable String subnet6, String domain) {
  public static final String DEFAULT_NAME = "lamina0";
  public static final String DEFAULT_DOMAIN = "lamina";

  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,61}[a-z0-9])?");
  private static final int LONGEST4 = 30;
  private static final int LONGEST6 = 126;

  /**
   * @throws LaminaException BAD_PARAMETER, BAD_IP
   */
  public BridgeNetwork {
    InterfaceName.check(name, "a network");
    require(subnet4, false, LONGEST4);
    if (subnet6 != null) {
      require(subnet6, true, LONGEST6);
    }
    if (!DOMAIN.matcher(domain).matches()) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "bad domain \"" + Printable.shorten(domain, 60) + "\"",
          "Write lower-case letters, digits, dots and dashes, such as lamina.");
    }
  }

  private static void require(String subnet, boolean v6, int longest) {
    AddressRange range = AddressRange.parse(subnet);
    if (range.isV6() != v6 || subnet.indexOf('-') >= 0 || range.prefix() > longest) {
      throw new LaminaException(
          ExitCode.BAD_IP,
          Printable.shorten(subnet, 60) + " is no IPv" + (v6 ? 6 : 4) + " network of a bridge",
          "Write NETWORK/LENGTH, such as " + (v6 ? "fd00:1::/64." : "10.37.0.0/24."));
    }
  }

  public IpAddress gateway4() {
    return AddressRange.parse(subnet4).first();
  }

  public int prefix4() {
    return AddressRange.parse(subnet4).prefix();
  }

  public Optional<IpAddress> gateway6() {
    return Optional.ofNullable(subnet6).map(s -> AddressRange.parse(s).first());
  }

  /**
   * Hardware address of the bridge. Without one of its own a bridge has that of a port, and others
   * would lose their gateway when that port goes.
   */
  public MacAddress mac() {
    long bits =
        UUID.nameUUIDFromBytes((name + " " + subnet4).getBytes(StandardCharsets.UTF_8))
            .getMostSignificantBits();
    return new MacAddress(
        "02:%02x:%02x:%02x:%02x:%02x"
            .formatted(
                bits >>> 56 & 0xff,
                bits >>> 48 & 0xff,
                bits >>> 40 & 0xff,
                bits >>> 32 & 0xff,
                bits >>> 24 & 0xff));
  }

  /** Addresses for containers; the gateway's own is not among them. */
  public AddressRange range(boolean v6) {
    AddressRange all = AddressRange.parse(v6 ? java.util.Objects.requireNonNull(subnet6) : subnet4);
    IpAddress second =
        all.next(java.util.Set.of(all.first())).orElseThrow(IllegalStateException::new);
    return new AddressRange(second, all.last(), all.prefix());
  }

  /** Whether an address lies in one of the subnets. */
  public boolean contains(IpAddress address) {
    return AddressRange.parse(subnet4).contains(address)
        || (subnet6 != null && AddressRange.parse(subnet6).contains(address));
  }
}
