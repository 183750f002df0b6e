package org.lamina.agent.network;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.IpAddress;
import org.lamina.schema.NetworkConfig;

/**
 * All that the kernel is to hold for one container.
 *
 * @param link the routed one, or null
 * @param ports its bridged interfaces
 * @param published elements of the packet filter by which ports of the host lead to them; for a
 *     container with a routed link, what its bridges need beside those of the link
 */
record Connected(@Nullable Wanted link, List<Port> ports, Set<Element> published) {
  static final Connected NOT = new Connected(null, List.of(), Set.of());

  /**
   * A pure function of a container's configuration and of the host's surroundings.
   *
   * @param mtuOf of a bridge; null for what is not on this host
   */
  static Connected of(
      Link link,
      NetworkConfig config,
      Surroundings surroundings,
      Function<String, @Nullable Integer> mtuOf) {
    Set<IpAddress> targets = Wanted.targets(config);
    List<Port> ports =
        config.interfaces().stream()
            .map(n -> Port.of(link.ctid(), n, config.rate(), targets, mtuOf))
            .toList();
    Set<Element> published = new LinkedHashSet<>();
    if (!config.isConnected() && !ports.isEmpty()) {
      published.addAll(Wanted.published(config));
    }
    ports.forEach(port -> published.addAll(port.turned(targets)));
    return new Connected(
        config.isConnected() ? Wanted.of(link, config, surroundings) : null, ports, published);
  }

  Connected {
    ports = List.copyOf(ports);
  }

  boolean isEmpty() {
    return link == null && ports.isEmpty();
  }

  /** Names of the host's ends. */
  List<String> hostNames() {
    return Stream.concat(
            Stream.ofNullable(link).map(w -> w.link().host()),
            ports.stream().map(p -> p.netif().hostName()))
        .toList();
  }

  /** Names of the ends inside. */
  List<String> guestNames() {
    return Stream.concat(
            Stream.ofNullable(link).map(w -> Link.GUEST), ports.stream().map(p -> p.netif().name()))
        .toList();
  }

  /** Whether every pair of interfaces of this is there in the other too. */
  boolean isWithin(Connected other) {
    return (link == null || other.link != null)
        && ports.stream().allMatch(p -> other.ports.stream().anyMatch(p::isSamePair));
  }

  /** The same pairs of interfaces with nothing else. */
  Connected bare(Predicate<String> isThere) {
    Wanted w = link;
    return new Connected(
        w == null || !isThere.test(w.link().host()) ? null : w.bare(),
        ports.stream().filter(p -> isThere.test(p.netif().hostName())).map(Port::bare).toList(),
        Set.of());
  }

  /** One sentence per interface whose bridge is not there. */
  List<String> missingBridges() {
    return ports.stream()
        .filter(p -> p.netif().bridge() != null && p.bridge() == null)
        .map(p ->
            "the bridge %s of interface %s of container %s is not there, so nothing reaches it; make the bridge, then: vzctl set %s --ifname %s --bridge %s"
                .formatted(
                    p.netif().bridge(),
                    p.netif().name(),
                    p.ctid(),
                    p.ctid(),
                    p.netif().name(),
                    p.netif().bridge()))
        .toList();
  }

  static Change between(Connected old, Connected next, String table, int initPid) {
    Change link =
        old.link == null && next.link == null
            ? Change.NOTHING
            : Change.between(old.link, next.link, table, initPid);
    StringBuilder ports = new StringBuilder();
    less(old.published, next.published).forEach(e -> ports.append(e.deleted(table)));
    less(next.published, old.published).forEach(e -> ports.append(e.added(table)));
    Change published = new Change(ports.toString(), "", "", "", "", "", "");
    return link.and(published).and(PortChange.between(old.ports, next.ports, table, initPid));
  }

  private static Set<Element> less(Set<Element> all, Set<Element> others) {
    Set<Element> rest = new LinkedHashSet<>(all);
    rest.removeAll(others);
    return rest;
  }
}
