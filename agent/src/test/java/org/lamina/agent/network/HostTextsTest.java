package org.lamina.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.lamina.agent.Traffic;
import org.lamina.schema.NetworkConfig;

/** Texts of the host that are read, and those that are written inside. */
class HostTextsTest {
  private static final String ROUTE =
      """
      Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
      eth0\t00000000\t020200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
      eth1\t000014AC\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
      """;
  private static final String ROUTE6 =
      """
      20010db8000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
      00000000000000000000000000000000 00 00000000000000000000000000000000 00 20010db8000000000000000000000002 00000400 00000001 00000000 00000003     wan6
      00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo
      """;

  @Test
  void defaultRoutes_tellWhatLeadsOutside() {
    assertThat(RoutingTables.defaultInterfaces(ROUTE, ROUTE6)).containsExactly("eth0", "wan6");
    assertThat(RoutingTables.defaultInterfaces("", "")).isEmpty();
  }

  @Test
  void counters_areReadByName() {
    String dev =
        """
        Inter-|   Receive                                                |  Transmit
         face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
            lo:     100       1    0    0    0     0          0         0      200       2    0    0    0     0       0          0
        veth101.0:18446744073709551615 3 0 0 0 0 0 0 400 4 0 0 0 0 0 0
        """;
    assertThat(RoutingTables.devices(dev))
        .containsOnlyKeys("lo", "veth101.0")
        .containsEntry("lo", new Traffic(100, 1, 200, 2))
        .containsEntry("veth101.0", new Traffic(-1, 3, 400, 4));
    assertThat(new Traffic(1, 2, 3, 4).fromOtherSide()).isEqualTo(new Traffic(3, 4, 1, 2));
  }

  @Test
  void foreignDrop_isNamedWithItsRemedy() {
    String chains =
        """
        table ip filter {
        \tchain FORWARD {
        \t\ttype filter hook forward priority filter; policy drop;
        \t}
        \tchain INPUT {
        \t\ttype filter hook input priority filter; policy drop;
        \t}
        }
        table inet lamina {
        \tchain forward {
        \t\ttype filter hook forward priority filter; policy accept;
        \t}
        }
        """;
    assertThat(ForeignDrops.explain(chains, "lamina"))
        .singleElement()
        .asString()
        .contains("chain FORWARD of table ip filter", "nft insert rule ip filter FORWARD iifname");
    assertThat(ForeignDrops.explain(chains.replace("policy drop", "policy accept"), "lamina"))
        .isEmpty();
  }

  @Test
  void resolver_replacesWhatIsConfigured_andNothingElse() {
    String before = "# mine\noptions rotate\nnameserver 127.0.0.53\nsearch old.example\n";
    assertThat(ResolverText.merge(before, config("9.9.9.9 2620:fe::fe", ""), ""))
        .isEqualTo(
            """
            # mine
            options rotate
            search old.example
            nameserver 9.9.9.9
            nameserver 2620:fe::fe
            """);
    assertThat(ResolverText.merge(before, config("", "example.com example.org"), ""))
        .isEqualTo(
            "# mine\noptions rotate\nnameserver 127.0.0.53\nsearch example.com example.org\n");
  }

  @Test
  void inherited_serversAreThoseThatCanBeReachedFromInside() {
    String host = "nameserver 127.0.0.53\nnameserver 192.0.2.53\nnameserver ::1\nsearch corp\n";
    assertThat(ResolverText.merge("", config("inherit", "inherit"), host))
        .isEqualTo("nameserver 192.0.2.53\nsearch corp\n");
    assertThat(ResolverText.merge("", config("inherit", ""), "nameserver $(id)\n")).isEqualTo("\n");
  }

  private static NetworkConfig config(String servers, String domains) {
    return NetworkConfig.read(key ->
        switch (key) {
          case "NAMESERVER" -> Optional.of(servers);
          case "SEARCHDOMAIN" -> Optional.of(domains);
          default -> Optional.empty();
        });
  }

  @Test
  void surroundings_knowTheirNeighbours() {
    assertThat(
            new Surroundings(List.of(), 1500)
                .neighboursOf(new org.lamina.schema.IpAddress("10.0.0.1")))
        .isEmpty();
  }
}
