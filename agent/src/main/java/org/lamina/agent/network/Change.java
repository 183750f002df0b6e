package org.lamina.agent.network;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.IpAddress;
import org.lamina.schema.TrafficRate;

/**
 * The way from what the kernel holds to what it is to hold, as batches of the tools' own languages.
 * Batches that take away may meet what is gone already; those that give have to succeed.
 *
 * @param filter for {@code nft}, one transaction
 * @param hostAway for {@code ip} on the host, before the others
 * @param guestAway for {@code ip} in the container
 * @param host for {@code ip} on the host
 * @param guest for {@code ip} in the container
 * @param traffic for {@code tc} on the host
 * @param trafficAway likewise
 */
record Change(
    String filter,
    String hostAway,
    String guestAway,
    String host,
    String guest,
    String traffic,
    String trafficAway) {
  /** Milliseconds that a packet may wait for its turn before it is dropped. */
  private static final int LONGEST_WAIT = 100;

  /** A burst holds at least two of the largest segments that are cut only at the wire. */
  private static final long LEAST_BURST = 131_072;

  /** Link-local addresses of the host's side, the same on every link: the guests' gateways. */
  static final String GATEWAY4 = "169.254.0.1";

  static final String GATEWAY6 = "fe80::1";

  static final Change NOTHING = new Change("", "", "", "", "", "", "");

  /** Both, each batch of this before that of the other. */
  Change and(Change other) {
    return new Change(
        filter + other.filter,
        hostAway + other.hostAway,
        guestAway + other.guestAway,
        host + other.host,
        guest + other.guest,
        traffic + other.traffic,
        trafficAway + other.trafficAway);
  }

  /**
   * @param table of the packet filter
   * @param initPid names the namespace that a new link leads to; 0 if there is none any more
   */
  static Change between(@Nullable Wanted old, @Nullable Wanted next, String table, int initPid) {
    StringBuilder host = new StringBuilder();
    StringBuilder guest = new StringBuilder();
    StringBuilder hostAway = new StringBuilder();
    StringBuilder guestAway = new StringBuilder();
    if (old != null) {
      String device = old.link().host();
      for (Wanted.Proxy p : gone(old, next, Wanted::proxies)) {
        hostAway.append("neigh del proxy %s dev %s\n".formatted(p.address(), p.device()));
      }
      if (next == null) {
        hostAway.append("link del %s\n".formatted(device));
      } else {
        for (IpAddress a : gone(old, next, Wanted::addresses)) {
          hostAway.append("route del %s dev %s\n".formatted(whole(a), device));
          guestAway.append("addr del %s dev %s\n".formatted(whole(a), Link.GUEST));
        }
        for (boolean v6 : new boolean[] {false, true}) {
          if (old.has(v6) && !next.has(v6)) {
            guestAway.append(defaultRoute("del", v6));
          }
        }
      }
    }
    if (next != null) {
      String device = next.link().host();
      if (old == null) {
        host.append(
            "link add name %s mtu %d address %s type veth peer name %s mtu %d address %s netns %d\n"
                .formatted(
                    device,
                    next.mtu(),
                    next.link().hostMac(),
                    Link.GUEST,
                    next.mtu(),
                    next.link().guestMac(),
                    initPid));
        // Scope host: the host's own connections to the container do not take it as their source.
        host.append("addr add %s/32 dev %s scope host\n".formatted(GATEWAY4, device));
      }
      if (next.has(true) && (old == null || !old.has(true))) {
        host.append("addr replace %s/64 dev %s nodad\n".formatted(GATEWAY6, device));
      }
      if (old == null) {
        host.append("link set %s up\n".formatted(device));
      }
      for (IpAddress a : gone(next, old, Wanted::addresses)) {
        host.append("route replace %s dev %s\n".formatted(whole(a), device));
        guest.append(
            "addr replace %s dev %s%s\n".formatted(whole(a), Link.GUEST, a.isV6() ? " nodad" : ""));
      }
      for (Wanted.Proxy p : gone(next, old, Wanted::proxies)) {
        host.append("neigh replace proxy %s dev %s\n".formatted(p.address(), p.device()));
      }
      if (old == null) {
        guest.append("link set %s up\n".formatted(Link.GUEST));
      }
      for (boolean v6 : new boolean[] {false, true}) {
        if (next.has(v6) && (old == null || !old.has(v6))) {
          guest.append(defaultRoute("replace", v6));
        }
      }
    }
    return new Change(
        filter(old, next, table),
        hostAway.toString(),
        guestAway.toString(),
        host.toString(),
        guest.toString(),
        next == null ? "" : queue(next.link().host(), rate(old), next.rate()),
        next == null ? "" : noQueue(next.link().host(), rate(old), next.rate()));
  }

  /** What holds back what goes to a container; nothing if it is there. */
  static String queue(String device, TrafficRate old, TrafficRate next) {
    return next.isLimited() && !next.equals(old)
        ? "qdisc replace dev %s root tbf rate %dkbit burst %d latency %dms\n"
            .formatted(device, next.kbit(), burst(next), LONGEST_WAIT)
        : "";
  }

  static String noQueue(String device, TrafficRate old, TrafficRate next) {
    return !next.isLimited() && old.isLimited() ? "qdisc del dev %s root\n".formatted(device) : "";
  }

  /** The object by which the packet filter drops what is sent too fast. */
  static String limit(String family, String table, String name, TrafficRate rate) {
    return "add limit %s %s %s { rate over %d bytes/second burst %d bytes ; }\n"
        .formatted(family, table, name, rate.kbit() * 1000 / 8, burst(rate));
  }

  private static TrafficRate rate(@Nullable Wanted wanted) {
    return wanted == null ? TrafficRate.NONE : wanted.rate();
  }

  /**
   * Bytes that may go at once: what the rate gives in an eighth of a second. The packet filter adds
   * a whole second of its own.
   */
  private static long burst(TrafficRate rate) {
    return Math.max(LEAST_BURST, rate.kbit() * 1000 / 8 / 8);
  }

  private static String defaultRoute(String verb, boolean v6) {
    return "route %s %s via %s dev %s%s\n"
        .formatted(
            verb,
            v6 ? "::/0" : "0.0.0.0/0",
            v6 ? GATEWAY6 : GATEWAY4,
            Link.GUEST,
            v6 ? "" : " onlink");
  }

  private static String filter(@Nullable Wanted old, @Nullable Wanted next, String table) {
    StringBuilder text = new StringBuilder();
    for (Element e : gone(old, next, Wanted::elements)) {
      text.append(e.deleted(table));
    }
    if (old == null && next != null) {
      text.append("add counter inet %s %s\n".formatted(table, next.link().counter()));
    }
    boolean otherRate = !rate(old).equals(rate(next));
    if (old != null && otherRate && old.rate().isLimited()) {
      text.append(
          "delete limit inet %s %s\n".formatted(table, Element.limit(old.link(), old.rate())));
    }
    if (next != null && otherRate && next.rate().isLimited()) {
      text.append(limit("inet", table, Element.limit(next.link(), next.rate()), next.rate()));
    }
    for (Element e : gone(next, old, Wanted::elements)) {
      text.append(e.added(table));
    }
    if (old != null && next == null) {
      text.append("delete counter inet %s %s\n".formatted(table, old.link().counter()));
    }
    return text.toString();
  }

  /** What of the first is not in the second, in order. */
  private static <T> Set<T> gone(
      @Nullable Wanted from, @Nullable Wanted without, Function<Wanted, Set<T>> part) {
    return rest(from, without, part);
  }

  /** What the first has of something and the second has not, in order. */
  static <W, T> Set<T> rest(@Nullable W from, @Nullable W without, Function<W, Set<T>> part) {
    Set<T> rest = new LinkedHashSet<>();
    if (from != null) {
      rest.addAll(part.apply(from));
    }
    if (without != null) {
      rest.removeAll(part.apply(without));
    }
    return rest;
  }

  private static String whole(IpAddress address) {
    return address + "/" + address.bits();
  }
}
