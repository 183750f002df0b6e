package org.lamina.agent.network;

import java.math.BigInteger;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.schema.IpAddress;
import org.lamina.schema.Netif;
import org.lamina.schema.TrafficRate;

/**
 * All that the kernel is to hold for one bridged interface of a container.
 *
 * @param bridge it is a port of now; null if it names none, or one that is not there
 * @param mtu the bridge's
 * @param hairpin whether the bridge may give it back what it sent: a port of the host leads to it,
 *     and where bridged frames pass the packet filter (br_netfilter), what it sends there is turned
 *     round on the bridge and not in the host's routing
 */
record Port(
    Ctid ctid, Netif netif, @Nullable String bridge, int mtu, TrafficRate rate, boolean hairpin) {

  /**
   * @param targets addresses that ports of the host lead to
   * @param mtuOf of a bridge; null for what is not on this host
   */
  static Port of(
      Ctid ctid,
      Netif netif,
      TrafficRate rate,
      Set<IpAddress> targets,
      Function<String, @Nullable Integer> mtuOf) {
    Integer mtu = netif.bridge() == null ? null : mtuOf.apply(netif.bridge());
    return new Port(
        ctid,
        netif,
        mtu == null ? null : netif.bridge(),
        mtu == null ? Surroundings.USUAL_MTU : mtu,
        rate,
        netif.owned().stream().anyMatch(targets::contains));
  }

  /** Whether the pair of interfaces is the same, so that it can be changed in place. */
  boolean isSamePair(Port other) {
    return netif.name().equals(other.netif.name())
        && netif.mac().equals(other.netif.mac())
        && netif.hostName().equals(other.netif.hostName())
        && netif.hostMac().equals(other.netif.hostMac());
  }

  /** The pair of interfaces with nothing else. */
  Port bare() {
    return new Port(
        ctid,
        new Netif(
            netif.name(),
            netif.mac(),
            netif.hostName(),
            netif.hostMac(),
            null,
            false,
            List.of(),
            null,
            null,
            false,
            false,
            null,
            null),
        null,
        mtu,
        TrafficRate.NONE,
        false);
  }

  /** Name of the counter of what was refused from it. */
  String counter() {
    return "ct" + ctid + "." + netif.name();
  }

  String limit() {
    return "up" + ctid + "." + netif.name() + "-" + rate.kbit();
  }

  /** Nothing is known of its addresses: whoever sets it up inside chooses them. */
  private boolean isUnknown() {
    return netif.owned().isEmpty() && !netif.dhcp4() && !netif.dhcp6();
  }

  /** Who is on the same bridge comes back to it by the host, if the way there was by the host. */
  Set<Element> turned(Set<IpAddress> targets) {
    Set<Element> all = new LinkedHashSet<>();
    String name = bridge;
    if (name != null) {
      netif.owned().stream()
          .filter(targets::contains)
          .forEach(target -> all.add(Element.turned(name, target)));
    }
    return all;
  }

  Set<Element> elements() {
    String host = Element.quoted(netif.hostName());
    String pair = host + " . " + netif.mac();
    Set<Element> all = new LinkedHashSet<>();
    all.add(Element.bridged("ports", host, null));
    all.add(Element.bridged("drops", host, Element.quoted(counter())));
    if (rate.isLimited()) {
      all.add(Element.bridged("upload", host, Element.quoted(limit())));
    }
    if (!netif.macFilter()) {
      return all;
    }
    all.add(Element.bridged("filtered", host, null));
    all.add(Element.bridged("links", pair, null));
    if (isUnknown() || (netif.dhcp4() && netif.lease() == null)) {
      all.add(Element.bridged("free4", host, null));
    }
    if (isUnknown() || (netif.dhcp6() && netif.lease6() == null)) {
      all.add(Element.bridged("free6", host, null));
    }
    IpAddress local = linkLocal();
    all.add(Element.bridged("port6", pair + " . " + local, null));
    all.add(Element.bridged("target6", host + " . " + number(local), null));
    for (IpAddress address : netif.owned()) {
      String family = address.isV6() ? "6" : "4";
      all.add(Element.bridged("port" + family, pair + " . " + address, null));
      all.add(Element.bridged("known" + family, address.text(), null));
      if (address.isV6()) {
        all.add(Element.bridged("target6", host + " . " + number(address), null));
        all.add(Element.bridged("taken6", number(address), null));
      }
    }
    return all;
  }

  /** As the kernel makes it from the hardware address (RFC 4291, appendix A). */
  private IpAddress linkLocal() {
    String[] pairs = netif.mac().text().split(":");
    int[] b = new int[6];
    for (int i = 0; i < 6; i++) {
      b[i] = Integer.parseInt(pairs[i], 16);
    }
    return new IpAddress(
        "fe80::%x:%x:%x:%x"
            .formatted((b[0] ^ 2) << 8 | b[1], b[2] << 8 | 0xff, 0xfe00 | b[3], b[4] << 8 | b[5]));
  }

  /** As the packet filter writes a part of a packet that it has no name for. */
  private static String number(IpAddress address) {
    return "0x%032x".formatted(new BigInteger(1, address.inet().getAddress()));
  }
}
