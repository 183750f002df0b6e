package org.lamina.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.lamina.schema.Ctid;
import org.lamina.schema.NetworkConfig;

class ChangeTest {
  private static final Link LINK =
      new Link(new Ctid(101), "veth101.0", "02:00:00:00:00:01", "02:00:00:00:00:02");
  private static final Surroundings AROUND =
      new Surroundings(
          List.of(
              new Surroundings.Uplink(
                  "eth0",
                  List.of(
                      new Surroundings.Network(InetAddress.ofLiteral("192.168.1.1"), 24),
                      new Surroundings.Network(InetAddress.ofLiteral("2001:db8::1"), 64)))),
          1400);

  private static Wanted wanted(String addresses, String ports) {
    return wanted(addresses, ports, "0");
  }

  private static Wanted wanted(String addresses, String ports, String rate) {
    return Wanted.of(
        LINK,
        NetworkConfig.read(key ->
            switch (key) {
              case "IP_ADDRESS" -> Optional.of(addresses);
              case "LAMINA_PUBLISH" -> Optional.of(ports);
              case "RATE" -> Optional.of(rate);
              default -> Optional.empty();
            }),
        AROUND);
  }

  @Test
  void firstAddress_makesTheLink() {
    Change c = Change.between(null, wanted("192.0.2.5/24", ""), "lamina", 4711);

    assertThat(c.filter())
        .isEqualTo(
            """
            add counter inet lamina ct101
            add element inet lamina guests { "veth101.0" }
            add element inet lamina drops { "veth101.0" : "ct101" }
            add element inet lamina links { "veth101.0" . 02:00:00:00:00:02 }
            add element inet lamina guest4 { "veth101.0" . 02:00:00:00:00:02 . 192.0.2.5 }
            """);
    assertThat(c.host())
        .isEqualTo(
            """
            link add name veth101.0 mtu 1400 address 02:00:00:00:00:01 type veth \
            peer name venet0 mtu 1400 address 02:00:00:00:00:02 netns 4711
            addr add 169.254.0.1/32 dev veth101.0 scope host
            link set veth101.0 up
            route replace 192.0.2.5/32 dev veth101.0
            neigh replace proxy 192.0.2.5 dev eth0
            """);
    assertThat(c.guest())
        .isEqualTo(
            """
            addr replace 192.0.2.5/32 dev venet0
            link set venet0 up
            route replace 0.0.0.0/0 via 169.254.0.1 dev venet0 onlink
            """);
    assertThat(c.hostAway() + c.guestAway()).isEmpty();
  }

  @Test
  void secondAddress_leavesTheFirstAlone() {
    Change c =
        Change.between(
            wanted("192.0.2.5", ""), wanted("192.0.2.5 2001:db8::5", ""), "lamina", 4711);

    assertThat(c.filter())
        .isEqualTo(
            "add element inet lamina guest6"
                + " { \"veth101.0\" . 02:00:00:00:00:02 . 2001:db8::5 }\n");
    assertThat(c.host())
        .isEqualTo(
            """
            addr replace fe80::1/64 dev veth101.0 nodad
            route replace 2001:db8::5/128 dev veth101.0
            neigh replace proxy 2001:db8::5 dev eth0
            """);
    assertThat(c.guest())
        .isEqualTo(
            """
            addr replace 2001:db8::5/128 dev venet0 nodad
            route replace ::/0 via fe80::1 dev venet0
            """);
  }

  @Test
  void addressTakenAway_takesOnlyWhatIsItsOwn() {
    Change c =
        Change.between(wanted("192.0.2.5 192.0.2.6", ""), wanted("192.0.2.6", ""), "lamina", 4711);

    assertThat(c.hostAway())
        .isEqualTo("neigh del proxy 192.0.2.5 dev eth0\nroute del 192.0.2.5/32 dev veth101.0\n");
    assertThat(c.guestAway()).isEqualTo("addr del 192.0.2.5/32 dev venet0\n");
    assertThat(c.filter())
        .isEqualTo(
            "delete element inet lamina guest4"
                + " { \"veth101.0\" . 02:00:00:00:00:02 . 192.0.2.5 }\n");
    assertThat(c.host() + c.guest()).isEmpty();
  }

  @Test
  void lastAddress_takesTheLinkWithIt() {
    Change c = Change.between(wanted("192.0.2.5", ""), null, "lamina", 0);

    assertThat(c.hostAway()).isEqualTo("neigh del proxy 192.0.2.5 dev eth0\nlink del veth101.0\n");
    assertThat(c.filter()).endsWith("delete counter inet lamina ct101\n");
    assertThat(c.host() + c.guest() + c.guestAway()).isEmpty();
  }

  @Test
  void rate_shapesWhatComes_andDropsWhatIsSentTooFast() {
    Wanted free = wanted("10.0.0.5", "");
    Wanted slow = wanted("10.0.0.5", "", "8000");
    Wanted fast = wanted("10.0.0.5", "", "80000");

    Change limited = Change.between(free, slow, "lamina", 4711);
    assertThat(limited.filter())
        .isEqualTo(
            """
            add limit inet lamina up101-8000 { rate over 1000000 bytes/second burst 131072 bytes ; }
            add element inet lamina upload { "veth101.0" : "up101-8000" }
            """);
    assertThat(limited.traffic())
        .isEqualTo(
            "qdisc replace dev veth101.0 root tbf rate 8000kbit burst 131072 latency 100ms\n");

    Change changed = Change.between(slow, fast, "lamina", 4711);
    assertThat(changed.filter())
        .isEqualTo(
            """
            delete element inet lamina upload { "veth101.0" }
            delete limit inet lamina up101-8000
            add limit inet lamina up101-80000 { rate over 10000000 bytes/second burst 1250000 bytes ; }
            add element inet lamina upload { "veth101.0" : "up101-80000" }
            """);
    assertThat(changed.trafficAway()).isEmpty();

    Change freed = Change.between(fast, free, "lamina", 4711);
    assertThat(freed.trafficAway()).isEqualTo("qdisc del dev veth101.0 root\n");
    assertThat(freed.filter()).endsWith("delete limit inet lamina up101-80000\n");
    assertThat(Change.between(slow, null, "lamina", 0).filter()).contains("delete limit");
  }

  @Test
  void nothingChanged_isNothingToDo() {
    Wanted same = wanted("192.0.2.5 fd00::5", "80:80");
    assertThat(Change.between(same, same, "lamina", 4711))
        .isEqualTo(new Change("", "", "", "", "", "", ""));
  }

  @Test
  void privateAddress_borrowsTheHosts_unlessItsNeighboursKnowIt() {
    assertThat(wanted("10.0.0.5", "").elements())
        .contains(new Element("private4", "10.0.0.5", null));
    assertThat(wanted("10.0.0.5", "").proxies()).isEmpty();

    Wanted neighbour = wanted("192.168.1.77", "");
    assertThat(neighbour.elements()).noneMatch(e -> e.set().equals("private4"));
    assertThat(neighbour.proxies()).hasSize(1);
  }

  @Test
  void ports_leadToTheFirstAddressOfTheirFamily() {
    assertThat(wanted("10.0.0.5 10.0.0.6 fd00::5", "8080:80 192.0.2.1:53:5353/udp").elements())
        .contains(
            new Element("publish4", "tcp . 8080", "10.0.0.5 . 80"),
            new Element("publish6", "tcp . 8080", "fd00::5 . 80"),
            new Element("publish4at", "192.0.2.1 . udp . 53", "10.0.0.5 . 5353"),
            new Element("hairpin4", "10.0.0.6 . 10.0.0.5", null));
  }

  @Test
  void link_isTheSameForEver_andItsNameFits() {
    UUID uuid = new UUID(1, 2);
    assertThat(Link.of(new Ctid(101), uuid)).isEqualTo(Link.of(new Ctid(101), uuid));
    for (int ctid : new int[] {101, 999_999_999, Ctid.MAX}) {
      assertThat(Link.of(new Ctid(ctid), uuid).host()).hasSizeLessThanOrEqualTo(15);
    }
    int first = Integer.parseInt(Link.of(new Ctid(101), uuid).guestMac().substring(0, 2), 16);
    assertThat(first & 3).as("locally administered, unicast").isEqualTo(2);
  }

  @Test
  void rebuiltTable_holdsEveryContainer() {
    String text =
        FilterTable.of("lamina")
            .rebuilt(
                new FilterTable.Content(
                    AROUND,
                    List.of(),
                    List.of(new Connected(wanted("10.0.0.5", ""), List.of(), Set.of()))));
    assertThat(text)
        .startsWith("add table inet lamina\ndelete table inet lamina\ntable inet lamina {")
        .contains("add element inet lamina uplinks { \"eth0\" }")
        .contains("add element inet lamina guests { \"veth101.0\" }")
        .doesNotContain("@T")
        .doesNotContain("table bridge");
    assertThat(FilterTable.of("ip").name()).isEqualTo("lamina-ip");
  }
}
