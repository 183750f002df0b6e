package org.lamina.agent.network;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.IpAddress;
import org.lamina.schema.NetworkConfig;
import org.lamina.schema.PublishedPort;
import org.lamina.schema.TrafficRate;

/**
 * All that the kernel is to hold for one connected container. A pure function of its configuration
 * and of the host's surroundings.
 *
 * @param elements of the packet filter's sets and maps
 * @param addresses inside, and host routes outside
 * @param proxies addresses for which the host answers its neighbours
 * @param rate in both directions
 */
record Wanted(
    Link link,
    int mtu,
    Set<Element> elements,
    Set<IpAddress> addresses,
    Set<Proxy> proxies,
    TrafficRate rate) {

  /** An address that the host answers for on one of its interfaces. */
  record Proxy(IpAddress address, String device) {}

  static Wanted of(Link link, NetworkConfig config, Surroundings surroundings) {
    Set<Element> elements = new LinkedHashSet<>();
    Set<IpAddress> addresses = new LinkedHashSet<>();
    Set<Proxy> proxies = new LinkedHashSet<>();
    elements.add(Element.guest(link));
    elements.add(Element.drops(link));
    elements.add(Element.hardware(link));
    if (config.rate().isLimited()) {
      elements.add(Element.upload(link, config.rate()));
    }
    for (GuestAddress guest : config.addresses()) {
      IpAddress address = guest.address();
      addresses.add(address);
      elements.add(Element.source(link, address));
      if (surroundings.needsNat(address)) {
        elements.add(Element.masqueraded(address));
      } else {
        // Also for addresses of other networks: providers route such to the wire and ask there.
        surroundings.uplinks().forEach(u -> proxies.add(new Proxy(address, u.name())));
      }
    }
    elements.addAll(published(config));
    return new Wanted(link, surroundings.mtu(), elements, addresses, proxies, config.rate());
  }

  /** Ports of the host that lead to the container, by whatever interface. */
  static Set<Element> published(NetworkConfig config) {
    Set<Element> elements = new LinkedHashSet<>();
    for (PublishedPort port : config.ports()) {
      for (IpAddress target : targets(port, config)) {
        elements.add(Element.published(port, target));
        config.owned().stream()
            .filter(from -> from.isV6() == target.isV6())
            .forEach(from -> elements.add(Element.hairpin(from, target)));
      }
    }
    return elements;
  }

  /** Where ports of the host lead to. */
  static Set<IpAddress> targets(NetworkConfig config) {
    Set<IpAddress> all = new LinkedHashSet<>();
    config.ports().forEach(port -> all.addAll(targets(port, config)));
    return all;
  }

  /** A port of all addresses leads to the first address of each family. */
  private static List<IpAddress> targets(PublishedPort port, NetworkConfig config) {
    List<IpAddress> targets = new ArrayList<>();
    IpAddress at = port.address();
    for (boolean v6 : new boolean[] {false, true}) {
      Optional<IpAddress> first = config.first(v6);
      if (first.isPresent() && (at == null || at.isV6() == v6)) {
        targets.add(first.get());
      }
    }
    return targets;
  }

  /** The pair of interfaces with nothing else. */
  Wanted bare() {
    return new Wanted(link, mtu, Set.of(), Set.of(), Set.of(), TrafficRate.NONE);
  }

  boolean has(boolean v6) {
    return addresses.stream().anyMatch(a -> a.isV6() == v6);
  }
}
