package org.lamina.agent.network;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.IpAddress;
import org.lamina.schema.TrafficRate;

/** The way from some bridged interfaces of a container to others, as {@link Change} is for one. */
final class PortChange {
  /** Of default routes by a bridged interface: the routed link's own goes first. */
  private static final int METRIC = 100;

  private PortChange() {}

  static Change between(List<Port> old, List<Port> next, String table, int initPid) {
    Change all = Change.NOTHING;
    for (Port o : old) {
      if (samePair(next, o).isEmpty()) {
        all = all.and(one(o, null, table, initPid));
      }
    }
    for (Port n : next) {
      all = all.and(one(samePair(old, n).orElse(null), n, table, initPid));
    }
    return all;
  }

  private static Optional<Port> samePair(List<Port> ports, Port port) {
    return ports.stream().filter(port::isSamePair).findFirst();
  }

  private static Change one(@Nullable Port old, @Nullable Port next, String table, int initPid) {
    if (next == null) {
      String gone = old == null ? "" : "link del %s\n".formatted(old.netif().hostName());
      return new Change(filter(old, null, table), gone, "", "", "", "", "");
    }
    String device = next.netif().hostName();
    TrafficRate rate = old == null ? TrafficRate.NONE : old.rate();
    return new Change(
        filter(old, next, table),
        "",
        guestAway(old, next),
        host(old, next, initPid),
        guest(old, next),
        Change.queue(device, rate, next.rate()),
        Change.noQueue(device, rate, next.rate()));
  }

  private static String host(@Nullable Port old, Port next, int initPid) {
    StringBuilder host = new StringBuilder();
    String device = next.netif().hostName();
    if (old == null) {
      host.append(
          "link add name %s mtu %d address %s type veth peer name %s mtu %d address %s netns %d\n"
              .formatted(
                  device,
                  next.mtu(),
                  next.netif().hostMac(),
                  next.netif().name(),
                  next.mtu(),
                  next.netif().mac(),
                  initPid));
      // The host itself takes no part in that network by this interface.
      host.append("link set %s addrgenmode none\n".formatted(device));
    } else if (old.mtu() != next.mtu()) {
      host.append("link set %s mtu %d\n".formatted(device, next.mtu()));
    }
    if (next.bridge() != null && (old == null || !next.bridge().equals(old.bridge()))) {
      host.append("link set %s master %s\n".formatted(device, next.bridge()));
    } else if (next.bridge() == null && old != null && old.bridge() != null) {
      host.append("link set %s nomaster\n".formatted(device));
    }
    boolean had = old != null && old.hairpin() && Objects.equals(old.bridge(), next.bridge());
    if (next.bridge() != null && next.hairpin() != had) {
      host.append(
          "link set %s type bridge_slave hairpin %s\n"
              .formatted(device, next.hairpin() ? "on" : "off"));
    }
    if (old == null) {
      host.append("link set %s up\n".formatted(device));
    }
    return host.toString();
  }

  private static String guestAway(@Nullable Port old, Port next) {
    if (old == null) {
      return "";
    }
    StringBuilder away = new StringBuilder();
    String device = next.netif().name();
    for (boolean v6 : new boolean[] {false, true}) {
      IpAddress gateway = gateway(old, v6);
      if (gateway != null && !gateway.equals(gateway(next, v6))) {
        away.append(route("del", device, gateway));
      }
    }
    for (GuestAddress a : Change.rest(old, next, PortChange::addresses)) {
      away.append("addr del %s dev %s\n".formatted(written(a), device));
    }
    return away.toString();
  }

  private static String guest(@Nullable Port old, Port next) {
    StringBuilder guest = new StringBuilder();
    String device = next.netif().name();
    if (old == null) {
      guest.append("link set %s up\n".formatted(device));
    } else if (old.mtu() != next.mtu()) {
      guest.append("link set %s mtu %d\n".formatted(device, next.mtu()));
    }
    for (GuestAddress a : Change.rest(next, old, PortChange::addresses)) {
      guest.append(
          "addr replace %s dev %s%s\n"
              .formatted(written(a), device, a.address().isV6() ? " nodad" : ""));
    }
    for (boolean v6 : new boolean[] {false, true}) {
      IpAddress gateway = gateway(next, v6);
      // Again after a change of addresses: the route went with the last of them.
      if (gateway != null
          && (old == null
              || !gateway.equals(gateway(old, v6))
              || !addresses(old).equals(addresses(next)))) {
        guest.append(route("replace", device, gateway));
      }
    }
    return guest.toString();
  }

  private static String route(String verb, String device, IpAddress gateway) {
    return "route %s %s via %s dev %s metric %d%s\n"
        .formatted(
            verb,
            gateway.isV6() ? "::/0" : "0.0.0.0/0",
            gateway,
            device,
            METRIC,
            gateway.isV6() ? "" : " onlink");
  }

  private static @Nullable IpAddress gateway(Port port, boolean v6) {
    // Who asks for an address is told the way with it.
    return v6
        ? port.netif().dhcp6() ? null : port.netif().gateway6()
        : port.netif().dhcp4() ? null : port.netif().gateway4();
  }

  private static Set<GuestAddress> addresses(Port port) {
    return new LinkedHashSet<>(port.netif().addresses());
  }

  private static String written(GuestAddress a) {
    return a.address() + "/" + a.prefix();
  }

  private static String filter(@Nullable Port old, @Nullable Port next, String table) {
    StringBuilder text = new StringBuilder();
    for (Element e : Change.rest(old, next, Port::elements)) {
      text.append(e.deleted(table));
    }
    boolean otherRate = old == null || next == null || !Objects.equals(old.rate(), next.rate());
    if (old != null && otherRate && old.rate().isLimited()) {
      text.append("delete limit bridge %s %s\n".formatted(table, old.limit()));
    }
    if (old != null && next == null) {
      text.append("delete counter bridge %s %s\n".formatted(table, old.counter()));
    }
    if (old == null && next != null) {
      text.append("add counter bridge %s %s\n".formatted(table, next.counter()));
    }
    if (next != null && otherRate && next.rate().isLimited()) {
      text.append(Change.limit("bridge", table, next.limit(), next.rate()));
    }
    for (Element e : Change.rest(next, old, Port::elements)) {
      text.append(e.added(table));
    }
    return text.toString();
  }
}
