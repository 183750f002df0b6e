package org.lamina.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.lamina.agent.NetworkHost.Member;
import org.lamina.agent.NetworkHost.Served;
import org.lamina.schema.BridgeNetwork;
import org.lamina.schema.Ctid;
import org.lamina.schema.IpAddress;
import org.lamina.schema.MacAddress;
import org.lamina.schema.NetworkConfig;

class PortChangeTest {
  private static final Surroundings NOWHERE = new Surroundings(List.of(), 1500);
  private static final String PAIR =
      "ifname=eth0,mac=02:00:00:00:00:01,host_ifname=veth101.1,host_mac=fe:00:00:00:00:01";

  private static Connected connected(String netif) {
    Map<String, String> keys = Map.of("NETIF", netif);
    Link link = new Link(new Ctid(101), "veth101.0", "02:00:00:00:00:08", "02:00:00:00:00:09");
    return Connected.of(
        link,
        NetworkConfig.read(k -> Optional.ofNullable(keys.get(k))),
        NOWHERE,
        bridge -> bridge.equals("br0") ? 1400 : null);
  }

  private static Change change(Connected old, Connected next) {
    return Connected.between(old, next, "lamina", 4711);
  }

  @Test
  void aNewInterface_hasItsRules_andIsAPortOfItsBridge() {
    Change c = change(Connected.NOT, connected(PAIR + ",bridge=br0,ip=10.0.0.2/24,gw=10.0.0.1"));
    assertThat(c.host())
        .isEqualTo(
            """
            link add name veth101.1 mtu 1400 address fe:00:00:00:00:01 type veth \
            peer name eth0 mtu 1400 address 02:00:00:00:00:01 netns 4711
            link set veth101.1 addrgenmode none
            link set veth101.1 master br0
            link set veth101.1 up
            """);
    assertThat(c.guest())
        .isEqualTo(
            """
            link set eth0 up
            addr replace 10.0.0.2/24 dev eth0
            route replace 0.0.0.0/0 via 10.0.0.1 dev eth0 metric 100 onlink
            """);
    assertThat(c.filter())
        .isEqualTo(
            """
            add counter bridge lamina ct101.eth0
            add element bridge lamina ports { "veth101.1" }
            add element bridge lamina drops { "veth101.1" : "ct101.eth0" }
            add element bridge lamina filtered { "veth101.1" }
            add element bridge lamina links { "veth101.1" . 02:00:00:00:00:01 }
            add element bridge lamina port6 { "veth101.1" . 02:00:00:00:00:01 . fe80::ff:fe00:1 }
            add element bridge lamina target6 { "veth101.1" . 0xfe80000000000000000000fffe000001 }
            add element bridge lamina port4 { "veth101.1" . 02:00:00:00:00:01 . 10.0.0.2 }
            add element bridge lamina known4 { 10.0.0.2 }
            """);
  }

  @Test
  void aChange_touchesWhatIsDifferent() {
    Connected old = connected(PAIR + ",bridge=br0,ip=10.0.0.2/24,gw=10.0.0.1");
    Change c = change(old, connected(PAIR + ",bridge=br0,ip=10.0.0.3/24"));
    assertThat(c.host() + c.hostAway()).isEmpty();
    assertThat(c.guestAway())
        .isEqualTo(
            """
            route del 0.0.0.0/0 via 10.0.0.1 dev eth0 metric 100 onlink
            addr del 10.0.0.2/24 dev eth0
            """);
    assertThat(c.guest()).isEqualTo("addr replace 10.0.0.3/24 dev eth0\n");
    assertThat(change(old, connected(PAIR)).host())
        .isEqualTo("link set veth101.1 mtu 1500\nlink set veth101.1 nomaster\n");
    assertThat(change(old, old)).isEqualTo(Change.NOTHING);
    assertThat(change(old, Connected.NOT).hostAway()).isEqualTo("link del veth101.1\n");
    assertThat(change(old, Connected.NOT).filter())
        .contains("delete counter bridge lamina ct101.eth0");
  }

  @Test
  void anotherHardwareAddress_isAnotherPair() {
    Connected old = connected(PAIR + ",bridge=br0");
    Connected next = connected(PAIR.replace("02:00:00:00:00:01", "02:00:00:00:00:07"));
    assertThat(next.isWithin(old)).isFalse();
    assertThat(change(old, next).hostAway()).isEqualTo("link del veth101.1\n");
    assertThat(change(old, next).host()).startsWith("link add name veth101.1");
  }

  @Test
  void whoIsHeldToWhat_followsFromWhatIsKnown() {
    assertThat(elements(PAIR)).contains("free4", "free6").doesNotContain("port4");
    assertThat(elements(PAIR + ",dhcp=yes")).contains("free4").doesNotContain("free6");
    assertThat(elements(PAIR + ",dhcp=yes,lease=10.37.0.2"))
        .contains("port4", "known4")
        .doesNotContain("free4", "free6");
    assertThat(elements(PAIR + ",ip=fd00::2/64"))
        .contains("port6", "target6", "taken6")
        .doesNotContain("free4", "free6");
    assertThat(elements(PAIR + ",mac_filter=off")).containsExactly("ports", "drops");
  }

  private static List<String> elements(String netif) {
    return connected(netif).ports().getFirst().elements().stream()
        .map(Element::set)
        .distinct()
        .toList();
  }

  @Test
  void aMissingBridge_isTold() {
    Connected c = connected(PAIR + ",bridge=br9");
    assertThat(c.missingBridges()).hasSize(1).first().asString().contains("br9", "eth0", "101");
    assertThat(change(Connected.NOT, c).host()).doesNotContain("master");
    assertThat(connected(PAIR + ",bridge=br0").missingBridges()).isEmpty();
  }

  @Test
  void bothTables_areWrittenWhereThereAreInterfaces() {
    String text =
        FilterTable.of("lamina")
            .rebuilt(
                new FilterTable.Content(
                    NOWHERE,
                    List.of(new BridgeNetwork("lamina0", "10.37.0.0/24", null, "lamina")),
                    List.of(connected(PAIR))));
    assertThat(text)
        .contains("add element inet lamina bridges { \"lamina0\" }")
        .contains("add element inet lamina networks4 { 10.37.0.0/24 }")
        .contains("table bridge lamina {")
        .contains("add element bridge lamina known4 { 10.37.0.1 }");
  }

  @Test
  void aNetworksBridge_isMadeOnce() {
    BridgeNetwork n = new BridgeNetwork("lamina0", "10.37.0.0/24", "fd00:1::/64", "lamina");
    assertThat(BridgeNetworks.batch(n, false))
        .isEqualTo(
            """
            link add name lamina0 type bridge stp_state 0 forward_delay 0
            addr replace 10.37.0.1/24 dev lamina0
            addr replace fd00:1::1/64 dev lamina0 nodad
            link set lamina0 up
            """);
    assertThat(BridgeNetworks.batch(n, true)).doesNotContain("link add");
  }

  @Test
  void leases_areThoseOfMembers() {
    Served served =
        new Served(
            new BridgeNetwork("lamina0", "10.37.0.0/24", null, "lamina"),
            List.of(
                new Member(
                    new MacAddress("02:00:00:00:00:01"),
                    new IpAddress("10.37.0.2"),
                    "web1",
                    true)));
    assertThat(
            NameService.kept(
                "9 02:00:00:00:00:01 10.37.0.2 web1 *\n9 02:00:00:00:00:02 10.37.0.3 old *\n",
                served))
        .isEqualTo("9 02:00:00:00:00:01 10.37.0.2 web1 *\n");
  }

  @Test
  void answers_areReadFromTheKernelsTable() {
    String table =
        """
        IP address       HW type     Flags       HW address            Mask     Device
        192.0.2.9        0x1         0x0         00:00:00:00:00:00     *        e0
        192.0.2.2        0x1         0x2         26:7b:ff:b3:9a:5c     *        e0
        """;
    assertThat(AddressProbe.inArp(table, new IpAddress("192.0.2.2"), "e0"))
        .contains("26:7b:ff:b3:9a:5c");
    assertThat(AddressProbe.inArp(table, new IpAddress("192.0.2.2"), "e1")).isEmpty();
    assertThat(AddressProbe.inArp(table, new IpAddress("192.0.2.9"), "e0")).isEmpty();
  }

  @Test
  void networksOfTheHost_areThoseItHasRoutesTo() {
    String route =
        """
        Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
        eth0\t00000000\t020200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
        eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
        """;
    String route6 =
        "20010db8000000000000000000000000 40 00000000000000000000000000000000 00"
            + " 00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth0\n"
            + "ff000000000000000000000000000000 08 00000000000000000000000000000000 00"
            + " 00000000000000000000000000000000 00000100 00000001 00000000 00000001 eth0\n";
    assertThat(RoutingTables.destinations(route, route6).stream().map(Object::toString))
        .containsExactly("192.0.2.0-192.0.2.255/24", "2001:db8::-2001:db8::ffff:ffff:ffff:ffff/64");
  }

  @Test
  void nothing_isMadeOfNothing() {
    assertThat(new Connected(null, List.of(), Set.of())).isEqualTo(Connected.NOT);
    assertThat(Connected.NOT.isEmpty()).isTrue();
  }
}
