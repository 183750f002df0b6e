package org.lamina.agent.network;

import java.net.InetAddress;
import java.util.List;
import org.lamina.schema.IpAddress;

/**
 * What of the host's network concerns containers.
 *
 * @param uplinks interfaces that lead outside
 * @param mtu least of theirs, 1500 without any
 */
public record Surroundings(List<Uplink> uplinks, int mtu) {
  static final int USUAL_MTU = 1500;

  public Surroundings {
    uplinks = List.copyOf(uplinks);
  }

  /** An interface that leads outside, with the networks it is in. */
  public record Uplink(String name, List<Network> networks) {
    public Uplink {
      networks = List.copyOf(networks);
    }
  }

  /** A network by one of its addresses. */
  public record Network(InetAddress address, int prefix) {}

  /** Uplinks on whose own network the address lies: hosts there ask for it by ARP or NDP. */
  List<String> neighboursOf(IpAddress address) {
    return uplinks.stream()
        .filter(
            u -> u.networks().stream().anyMatch(n -> address.sharesPrefix(n.address(), n.prefix())))
        .map(Uplink::name)
        .toList();
  }

  /**
   * Nobody outside knows the way to a private address that is on none of their networks, so it
   * borrows the host's.
   */
  boolean needsNat(IpAddress address) {
    return address.isPrivate() && neighboursOf(address).isEmpty();
  }
}
