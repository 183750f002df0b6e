package org.lamina.agent.network;

import java.util.Collection;

/**
 * The packet filter's table of all containers. Its rules never change: containers are elements of
 * its sets, so that a packet costs the same however many there are. It has no say over packets of
 * others, and survives their changes to tables of their own.
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
        # how fast each may send
        map upload { type ifname : limit; }
        # ports of the host that lead to containers
        map publish4 { type inet_proto . inet_service : ipv4_addr . inet_service; }
        map publish6 { type inet_proto . inet_service : ipv6_addr . inet_service; }
        map publish4at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service; }
        map publish6at { type ipv6_addr . inet_proto . inet_service : ipv6_addr . inet_service; }
        chain refused {
          counter name iifname map @drops drop
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
          iifname != @guests accept
          ct state established,related accept
          oifname @guests accept
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
          oifname @guests ip saddr . ip daddr @hairpin4 masquerade
          oifname @guests ip6 saddr . ip6 daddr @hairpin6 masquerade
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

  /** Everything anew, in one transaction: no packet meets a table that is not complete. */
  String rebuilt(Surroundings surroundings, Collection<Wanted> all) {
    StringBuilder text = new StringBuilder(RULES.replace("@T", name));
    surroundings.uplinks().forEach(u -> text.append(Element.uplink(u.name()).added(name)));
    all.forEach(wanted -> text.append(Change.between(null, wanted, name, 0).filter()));
    return text.toString();
  }

  String removed() {
    return "add table inet " + name + "\ndelete table inet " + name + "\n";
  }
}
