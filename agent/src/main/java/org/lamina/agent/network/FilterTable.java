package org.lamina.agent.network;

import java.util.Collection;
import java.util.List;
import org.lamina.schema.BridgeNetwork;

/**
 * The packet filter's tables of all containers, one for routed packets and one for bridged frames.
 * Their rules never change: containers are elements of their sets, so that a packet costs the same
 * however many there are. They have no say over packets of others, and survive their changes to
 * tables of their own.
 *
 * @param name differs between daemons of one host
 */
record FilterTable(String name) {
  private static final String RULES =
      """
      add table inet @T
      delete table inet @T
      table inet @T {
        # interfaces of containers, with what was refused from each
        map drops { type ifname : counter; }
        set guests { type ifname; }
        # what each may send from
        set links { type ifname . ether_addr; }
        set guest4 { type ifname . ether_addr . ipv4_addr; }
        set guest6 { type ifname . ether_addr . ipv6_addr; }
        # interfaces that lead outside, and addresses that borrow the host's there
        set uplinks { type ifname; }
        set private4 { type ipv4_addr; }
        set private6 { type ipv6_addr; }
        # a container that reaches itself through a port of the host
        set hairpin4 { type ipv4_addr . ipv4_addr; }
        set hairpin6 { type ipv6_addr . ipv6_addr; }
        # bridges, twice, on which a container is that a port of the host leads to: its neighbours
        # would get answers from an address that they did not ask
        set turned4 { type ifname . ifname . ipv4_addr; }
        set turned6 { type ifname . ifname . ipv6_addr; }
        # how fast each may send
        map upload { type ifname : limit; }
        # bridges of our own networks, and what borrows the host's addresses behind them
        set bridges { type ifname; }
        set networks4 { type ipv4_addr; flags interval; }
        set networks6 { type ipv6_addr; flags interval; }
        # ports of the host that lead to containers
        map publish4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
        map publish6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
        map publish4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
        map publish6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
        chain refused {
          counter name iifname map @drops drop
          drop
        }
        chain source {
          type filter hook prerouting priority raw; policy accept;
          iifname != @guests accept
          limit name iifname map @upload drop
          icmpv6 type { nd-router-advert, nd-redirect } goto refused
          udp sport . udp dport { 67 . 68, 547 . 546 } goto refused
          iifname . ether saddr . ip saddr @guest4 accept
          iifname . ether saddr . ip6 saddr @guest6 accept
          iifname . ether saddr @links ip6 saddr { ::, fe80::/10 } icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-solicit, mld-listener-report, mld-listener-done, mld2-listener-report } accept
          goto refused
        }
        chain forward {
          type filter hook forward priority filter; policy accept;
          iifname != @guests iifname != @bridges accept
          ct state established,related accept
          oifname @guests accept
          oifname @bridges accept
          oifname @uplinks accept
          goto refused
        }
        chain publish {
          fib daddr type != local return
          ip daddr { 127.0.0.0/8, 169.254.0.0/16 } return
          dnat ip to ip daddr . meta l4proto . th dport map @publish4at
          dnat ip6 to ip6 daddr . meta l4proto . th dport map @publish6at
          meta nfproto ipv4 dnat ip to meta l4proto . th dport map @publish4
          meta nfproto ipv6 dnat ip6 to meta l4proto . th dport map @publish6
        }
        chain arriving {
          type nat hook prerouting priority -100; policy accept;
          jump publish
        }
        chain local {
          type nat hook output priority -100; policy accept;
          jump publish
        }
        chain leaving {
          type nat hook postrouting priority 100; policy accept;
          oifname @uplinks ip saddr @private4 masquerade
          oifname @uplinks ip6 saddr @private6 masquerade
          oifname @uplinks ip saddr @networks4 masquerade
          oifname @uplinks ip6 saddr @networks6 masquerade
          ct status dnat iifname . oifname . ip daddr @turned4 masquerade
          ct status dnat iifname . oifname . ip6 daddr @turned6 masquerade
          ip saddr . ip daddr @hairpin4 masquerade
          ip6 saddr . ip6 daddr @hairpin6 masquerade
        }
      }
      """;

  /** For frames of bridged interfaces, of which the other table sees only those to the host. */
  private static final String BRIDGE_RULES =
      """
      add table bridge @T
      delete table bridge @T
      table bridge @T {
        # host ends of containers' interfaces, with what was refused from each
        map drops { type ifname : counter; }
        map upload { type ifname : limit; }
        set ports { type ifname; }
        # those that are held to addresses, and what each may send from
        set filtered { type ifname; }
        set links { type ifname . ether_addr; }
        set port4 { type ifname . ether_addr . ipv4_addr; }
        set port6 { type ifname . ether_addr . ipv6_addr; }
        # what each may say in neighbour discovery that it is
        set target6 { typeof iifname . @th,64,128; }
        # those whose addresses are the inside's choice, and what is known to be others'
        set free4 { type ifname; }
        set free6 { type ifname; }
        set known4 { type ipv4_addr; }
        set known6 { type ipv6_addr; }
        set taken6 { typeof @th,64,128; }
        chain refused {
          counter name iifname map @drops drop
          drop
        }
        chain own4 {
          iifname . ether saddr . ip saddr @port4 accept
          iifname . ether saddr . arp saddr ip @port4 accept
          ip saddr 0.0.0.0 udp sport . udp dport { 68 . 67 } accept
          arp saddr ip 0.0.0.0 accept
          iifname @free4 ip saddr != @known4 accept
          iifname @free4 arp saddr ip != @known4 accept
          goto refused
        }
        chain own6 {
          icmpv6 type nd-neighbor-advert iifname != @free6 iifname . @th,64,128 != @target6 goto refused
          icmpv6 type nd-neighbor-advert iifname @free6 iifname . @th,64,128 != @target6 @th,64,128 @taken6 goto refused
          iifname . ether saddr . ip6 saddr @port6 accept
          ip6 saddr :: icmpv6 type { nd-neighbor-solicit, nd-router-solicit, mld-listener-report, mld2-listener-report } accept
          iifname @free6 ip6 saddr != @known6 accept
          goto refused
        }
        chain source {
          type filter hook prerouting priority -300; policy accept;
          iifname != @ports accept
          limit name iifname map @upload drop
          icmpv6 type { nd-router-advert, nd-redirect } goto refused
          udp sport . udp dport { 67 . 68, 547 . 546 } goto refused
          iifname != @filtered accept
          iifname . ether saddr != @links goto refused
          ether type { 8021q, 8021ad } goto refused
          ether type arp iifname . arp saddr ether != @links goto refused
          ether type { ip, arp } goto own4
          ether type ip6 goto own6
          goto refused
        }
        chain control {
          type filter hook input priority -200; policy accept;
          iifname @filtered ether daddr & ff:ff:ff:ff:ff:f0 == 01:80:c2:00:00:00 goto refused
        }
      }
      """;

  /**
   * @param owner name of the installation, {@code lamina} by default
   */
  static FilterTable of(String owner) {
    // Another name might be a word of the filter's language.
    return new FilterTable(owner.equals("lamina") ? owner : "lamina-" + owner);
  }

  /** What the tables are made from. */
  record Content(
      Surroundings surroundings, Collection<BridgeNetwork> networks, List<Connected> containers) {
    boolean isEmpty() {
      return networks.isEmpty() && containers.isEmpty();
    }

    /** The second table is not for hosts without bridged interfaces: their kernel may not do it. */
    boolean isBridged() {
      return containers.stream().anyMatch(c -> !c.ports().isEmpty());
    }
  }

  /** Everything anew, in one transaction: no packet meets a table that is not complete. */
  String rebuilt(Content content) {
    StringBuilder text = new StringBuilder(RULES.replace("@T", name));
    content
        .surroundings()
        .uplinks()
        .forEach(u -> text.append(Element.uplink(u.name()).added(name)));
    if (content.isBridged()) {
      text.append(BRIDGE_RULES.replace("@T", name));
    }
    for (BridgeNetwork network : content.networks()) {
      text.append(new Element("bridges", Element.quoted(network.name()), null).added(name));
      text.append(new Element("networks4", network.subnet4(), null).added(name));
      String subnet6 = network.subnet6();
      if (subnet6 != null) {
        text.append(new Element("networks6", subnet6, null).added(name));
      }
      if (content.isBridged()) {
        text.append(Element.bridged("known4", network.gateway4().text(), null).added(name));
        network
            .gateway6()
            .ifPresent(g -> text.append(Element.bridged("known6", g.text(), null).added(name)));
      }
    }
    content
        .containers()
        .forEach(c -> text.append(Connected.between(Connected.NOT, c, name, 0).filter()));
    return text.toString();
  }

  String removed() {
    return "add table inet " + name + "\ndelete table inet " + name + "\n";
  }

  /** Where there may be one. */
  String bridgeRemoved() {
    return "add table bridge " + name + "\ndelete table bridge " + name + "\n";
  }
}
