package org.lamina.manager.core;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.NetworkHost.Member;
import org.lamina.agent.NetworkHost.Served;
import org.lamina.schema.BridgeNetwork;
import org.lamina.schema.Ctid;
import org.lamina.schema.IpAddress;
import org.lamina.schema.MacAddress;
import org.lamina.schema.Netif;
import org.lamina.schema.NetworkConfig;

/** Keeps the networks of this host told of who is on them. */
final class NetworkMembers {
  private final CoreParts parts;

  NetworkMembers(CoreParts parts) {
    this.parts = parts;
  }

  /** When the daemon starts: what an earlier one left of other networks goes. */
  void start() {
    serve(parts.networks().networks(), null, NetworkConfig.NONE);
  }

  /** Serves all networks with those who are on them by saved and live configurations. */
  void refresh() {
    refresh(null, NetworkConfig.NONE);
  }

  /**
   * The same with what one container is about to have: it may ask for its address as soon as it has
   * the interface.
   */
  void refresh(@Nullable Ctid ctid, NetworkConfig next) {
    List<BridgeNetwork> networks = parts.networks().networks();
    if (!networks.isEmpty()) {
      serve(networks, ctid, next);
    }
  }

  private void serve(List<BridgeNetwork> networks, @Nullable Ctid ctid, NetworkConfig next) {
    parts.runtime().network().serve(networks.stream().map(n -> served(n, ctid, next)).toList());
  }

  /** One network with who is on it. */
  Served served(BridgeNetwork network) {
    return served(network, null, NetworkConfig.NONE);
  }

  private Served served(BridgeNetwork network, @Nullable Ctid ctid, NetworkConfig next) {
    List<Member> members = new ArrayList<>();
    Set<MacAddress> seen = new HashSet<>();
    for (Container c : parts.store().all()) {
      if (c.ctid().equals(ctid)) {
        add(members, seen, network, c, next);
      }
      parts.runtime().running(c.ctid()).ifPresent(r -> add(members, seen, network, c, r.network()));
      add(members, seen, network, c, c.network());
    }
    return new Served(network, members);
  }

  private static void add(
      List<Member> members,
      Set<MacAddress> seen,
      BridgeNetwork network,
      Container c,
      NetworkConfig config) {
    for (Netif n : config.interfaces()) {
      if (network.name().equals(n.bridge()) && seen.add(n.mac())) {
        for (IpAddress address : n.owned()) {
          if (network.contains(address)) {
            members.add(new Member(n.mac(), address, name(c), n.isLease(address)));
          }
        }
      }
    }
  }

  private static String name(Container c) {
    String hostname = c.hostname();
    if (hostname == null) {
      return "ct" + c.ctid();
    }
    int dot = hostname.indexOf('.');
    return dot < 0 ? hostname : hostname.substring(0, dot);
  }
}
