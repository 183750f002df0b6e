package org.lamina.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A bridged interface of a container: one end of a pair whose other end is a port of a bridge.
 *
 * @param name inside, such as {@code eth0}
 * @param hostName of the host's end, such as {@code veth101.1}
 * @param bridge that the host's end is a port of; null leaves it to the operator
 * @param macFilter whether frames from other hardware or IP addresses are dropped
 * @param addresses given from the host; without any, and without DHCP, they are the inside's affair
 * @param gateway4 of the default route, or null for none
 * @param gateway6 likewise
 * @param dhcp4 the inside asks for its IPv4 address
 * @param dhcp6 likewise
 * @param lease the answer to that, where a network of Lamina gives it
 * @param lease6 likewise
 */
public record Netif(
    String name,
    MacAddress mac,
    String hostName,
    MacAddress hostMac,
    @Nullable String bridge,
    boolean macFilter,
    List<GuestAddress> addresses,
    @Nullable IpAddress gateway4,
    @Nullable IpAddress gateway6,
    boolean dhcp4,
    boolean dhcp6,
    @Nullable IpAddress lease,
    @Nullable IpAddress lease6) {

  /** The routed link's name inside; see the agent. */
  private static final String ROUTED = "venet0";

  /**
   * @throws LaminaException BAD_PARAMETER, BAD_IP
   */
  public Netif {
    addresses = List.copyOf(addresses);
    InterfaceName.check(name, "an interface");
    InterfaceName.check(hostName, "an interface of the host");
    if (bridge != null) {
      InterfaceName.check(bridge, "a bridge");
    }
    if (name.equals(ROUTED)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, ROUTED + " is the routed interface, which --ipadd gives");
    }
    if (mac.equals(hostMac)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "both ends of " + name + " have the address " + mac);
    }
    if (addresses.stream().map(GuestAddress::address).distinct().count() < addresses.size()) {
      throw new LaminaException(ExitCode.BAD_IP, "an address of " + name + " is given twice");
    }
    requireFamily(name, gateway4, false);
    requireFamily(name, gateway6, true);
    for (GuestAddress a : addresses) {
      if (a.address().isV6() ? dhcp6 : dhcp4) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER,
            name + " cannot have the address " + a + " and ask for one by DHCP",
            "Use --dhcp" + (a.address().isV6() ? "6" : "") + " no, or --ipdel all.");
      }
      if (a.prefix() == a.address().bits()) {
        throw new LaminaException(
            ExitCode.BAD_IP,
            "the network of " + a + " on " + name + " is not known",
            "Write it with its length, such as " + a + (a.address().isV6() ? "/64" : "/24") + ".");
      }
    }
  }

  private static void requireFamily(String name, @Nullable IpAddress gateway, boolean v6) {
    if (gateway != null && gateway.isV6() != v6) {
      throw new LaminaException(
          ExitCode.BAD_IP, "the gateway " + gateway + " of " + name + " is of the other family");
    }
  }

  /** A new one, filtered, with nothing but its identity. */
  static Netif of(
      String name, MacAddress mac, String hostName, MacAddress hostMac, @Nullable String bridge) {
    return new Netif(
        name, mac, hostName, hostMac, bridge, true, List.of(), null, null, false, false, null,
        null);
  }

  /** Every address that is known to be its own. */
  public List<IpAddress> owned() {
    List<IpAddress> all = new ArrayList<>(addresses.stream().map(GuestAddress::address).toList());
    if (lease != null) {
      all.add(lease);
    }
    if (lease6 != null) {
      all.add(lease6);
    }
    return all;
  }

  /** Whether it is given that address when it asks. */
  public boolean isLease(IpAddress address) {
    return address.equals(lease) || address.equals(lease6);
  }

  /** Whether the host gives it addresses, so that nobody inside should. */
  public boolean isSetFromHost() {
    return !addresses.isEmpty();
  }

  /** This interface with other answers to DHCP and other gateways. */
  public Netif completed(
      @Nullable IpAddress newLease,
      @Nullable IpAddress newLease6,
      @Nullable IpAddress newGateway4,
      @Nullable IpAddress newGateway6) {
    return new Netif(
        name,
        mac,
        hostName,
        hostMac,
        bridge,
        macFilter,
        addresses,
        newGateway4,
        newGateway6,
        dhcp4,
        dhcp6,
        newLease,
        newLease6);
  }

  /** {@code ifname=...,mac=...}, as configuration files keep it. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    out.append("ifname=").append(name).append(",mac=").append(mac);
    out.append(",host_ifname=").append(hostName).append(",host_mac=").append(hostMac);
    put(out, "bridge", bridge);
    put(out, "mac_filter", macFilter ? null : "off");
    addresses.forEach(a -> put(out, "ip", a));
    put(out, "gw", gateway4);
    put(out, "gw6", gateway6);
    put(out, "dhcp", dhcp4 ? "yes" : null);
    put(out, "dhcp6", dhcp6 ? "yes" : null);
    put(out, "lease", lease);
    put(out, "lease6", lease6);
    return out.toString();
  }

  private static void put(StringBuilder out, String key, @Nullable Object value) {
    if (value != null) {
      out.append(',').append(key).append('=').append(value);
    }
  }

  /**
   * All of a value of {@code NETIF}, which has {@code ;} between interfaces. OpenVZ's own are read
   * too: keys that mean nothing here are passed over.
   *
   * @param identity gives what is left out; null if nothing can be
   * @throws LaminaException BAD_PARAMETER, BAD_IP
   */
  public static List<Netif> parseAll(String text, @Nullable InterfaceIdentity identity) {
    List<Netif> all = new ArrayList<>();
    for (String part : text.strip().split("[;\\s]+")) {
      if (!part.isEmpty()) {
        all.add(parse(part, identity, all));
      }
    }
    return all;
  }

  private static Netif parse(
      String text, @Nullable InterfaceIdentity identity, List<Netif> before) {
    Map<String, String> keys = new LinkedHashMap<>();
    List<GuestAddress> addresses = new ArrayList<>();
    for (String pair : text.split(",")) {
      int equals = pair.indexOf('=');
      String key = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      if (key.equals("ip") || key.equals("ipv6")) {
        Arrays.stream(value.split("\\s+")).map(GuestAddress::parse).forEach(addresses::add);
      } else {
        keys.put(key, value);
      }
    }
    String name = keys.getOrDefault("ifname", "");
    Netif made =
        NetifChange.make(
            new NetifChange.Addition(
                name,
                given(keys, "mac").map(MacAddress::new).orElse(null),
                given(keys, "host_ifname").orElse(null),
                given(keys, "host_mac").map(MacAddress::new).orElse(null),
                given(keys, "bridge").orElse(null)),
            before,
            identity);
    return new Netif(
        name,
        made.mac,
        made.hostName,
        made.hostMac,
        made.bridge,
        !keys.getOrDefault("mac_filter", "on").equals("off"),
        addresses,
        given(keys, "gw").map(IpAddress::new).orElse(null),
        given(keys, "gw6").map(IpAddress::new).orElse(null),
        keys.getOrDefault("dhcp", "no").equals("yes"),
        keys.getOrDefault("dhcp6", "no").equals("yes"),
        given(keys, "lease").map(IpAddress::new).orElse(null),
        given(keys, "lease6").map(IpAddress::new).orElse(null));
  }

  private static Optional<String> given(Map<String, String> keys, String key) {
    return Optional.ofNullable(keys.get(key)).filter(value -> !value.isEmpty());
  }
}
