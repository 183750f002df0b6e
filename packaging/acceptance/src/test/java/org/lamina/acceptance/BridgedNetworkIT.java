package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/**
 * Bridged interfaces, networks of the host's own, interfaces moved in, and pools, seen by real
 * packets. The daemon runs in a network namespace of its own, which is "the host" here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BridgedNetworkIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final String PORT = "8000";

  private final NetworkLab lab = new NetworkLab();
  private LaminaHost host;

  /** On a bridge of the operator's, by addresses of the operator's. */
  private Guest one;

  private Guest two;

  @BeforeAll
  void start() {
    host = LaminaHost.start(lab.onHost(), Map.of());
    lab.ipIn("host", "link add br7 type bridge");
    lab.ipIn("host", "addr add 10.50.0.1/24 dev br7");
    lab.ipIn("host", "addr add fd50::1/64 dev br7 nodad");
    lab.ipIn("host", "link set br7 up");
    one = bridged(971, "10.50.0.11/24", "fd50::11/64").started();
    two = bridged(972, "10.50.0.12/24", "fd50::12/64").started();
    lab.serve("out", 8000);
    lab.serve(one, 8000);
    lab.serve(two, 8000);
  }

  private Guest bridged(int ctid, String address4, String address6) {
    return Guest.create(
        host,
        ctid,
        "debian-12",
        "--netif_add",
        "eth0,,,,br7",
        "--ifname",
        "eth0",
        "--ipadd",
        address4,
        "--ipadd",
        address6,
        "--gw",
        "10.50.0.1");
  }

  @AfterAll
  void nothingIsLeft() {
    try {
      host.close();
      assertThat(lab.remains().stream().filter(line -> !line.contains("br7")))
          .as("left on the host after its containers")
          .isEmpty();
    } finally {
      lab.close();
    }
  }

  private String asked(Guest from, String kind, String address) {
    return lab.probe(from, "ask", kind, address, PORT).ok().text();
  }

  private String vzlist(Guest guest, String fields) {
    return host.run("vzlist", "-H", "-o", fields, guest.ctid()).ok().text();
  }

  @Test
  void neighbours_reachEachOther_andTheHost() {
    for (String kind : List.of("tcp", "udp")) {
      assertThat(asked(one, kind, "10.50.0.12")).isEqualTo("10.50.0.11");
      assertThat(asked(one, kind, "fd50::12")).isEqualTo("fd50::11");
      assertThat(lab.probe("host", "ask", kind, "10.50.0.11", PORT).ok().text())
          .isEqualTo("10.50.0.1");
    }
    assertThat(vzlist(one, "ifname,bridge,host_ifname")).matches("eth0 +br7 +veth971.1");
    assertThat(vzlist(one, "ip")).contains("10.50.0.11");
    assertThat(one.text("ip route")).contains("default via 10.50.0.1 dev eth0");
    assertThat(one.conf("NETIF")).contains("ifname=eth0,mac=", "bridge=br7", "ip=10.50.0.11/24");
  }

  @Test
  void hardwareAddresses_stay_andAreNobodyElses() {
    Guest guest = bridged(973, "10.50.0.13/24", "fd50::13/64").started();
    String mac = guest.text("cat /sys/class/net/eth0/address");
    assertThat(mac).matches(".[26ae]:.*").isEqualTo(vzlist(guest, "mac"));
    guest.vzctl("restart", "--fast", "--wait").ok();
    assertThat(guest.text("cat /sys/class/net/eth0/address")).isEqualTo(mac);
    two.vzctl("set", "--ifname", "eth0", "--mac", mac).ended(ExitCode.IP_IN_USE);
    two.vzctl("set", "--ifname", "eth0", "--mac", "01:00:00:00:00:01")
        .ended(ExitCode.BAD_PARAMETER);
    two.vzctl("set", "--netif_add", "eth1,,veth973.1").ended(ExitCode.IP_IN_USE);
    guest.destroy();
    assertThat(lab.remains()).noneMatch(line -> line.contains("veth973"));
  }

  @Test
  void interfaces_comeAndGo_andChange_live() {
    int init = two.init();
    two.vzctl("set", "--netif_add", "eth1,,,,br7", "--save").ok();
    two.vzctl("set", "--ifname", "eth1", "--ipadd", "10.51.0.22/24", "--save").ok();
    lab.ipIn("host", "addr add 10.51.0.1/24 dev br7");
    assertThat(lab.probe("host", "ask", "tcp", "10.51.0.22", PORT).ok().text())
        .isEqualTo("10.51.0.1");
    two.vzctl("set", "--ifname", "eth1", "--bridge", "none", "--save").ok();
    assertThat(lab.run("host", "ip", "-o", "link", "show", "veth972.2").ok().text())
        .doesNotContain("master");
    two.vzctl("set", "--ifname", "eth1", "--bridge", "br7", "--ipdel", "all", "--save").ok();
    assertThat(two.text("ip -o -4 addr show eth1")).isEmpty();
    two.vzctl("set", "--ifname", "eth1", "--bridge", "br99").ended(ExitCode.VETH_FAILED);
    two.vzctl("set", "--ifname", "eth9", "--bridge", "br7").ended(ExitCode.VETH_FAILED);
    two.vzctl("set", "--netif_add", "eth1").ended(ExitCode.VETH_FAILED);
    // An interface of the host is not a name to be had, and stays.
    two.vzctl("set", "--ifname", "eth1", "--host_ifname", "eth1").ended(ExitCode.VETH_FAILED);
    assertThat(lab.run("host", "ip", "link", "show", "eth1").exit()).isZero();
    two.vzctl("set", "--netif_del", "eth1", "--save").ok();
    assertThat(two.sh("ip link show eth1").exit()).isNotZero();
    assertThat(asked(one, "tcp", "10.50.0.12")).isEqualTo("10.50.0.11");
    assertThat(two.init()).isEqualTo(init);
  }

  /** Also where bridged frames pass the packet filter, which is a setting of the host. */
  @Test
  void aPublishedPort_isReachedFromInside() {
    Path setting = Path.of("/proc/sys/net/bridge/bridge-nf-call-iptables");
    one.vzctl("set", "--publish", "8082:" + PORT).ok();
    for (String passes : Files.exists(setting) ? List.of("0", "1") : List.of("")) {
      if (!passes.isEmpty()) {
        lab.run("host", "sh", "-c", "echo " + passes + " > " + setting).ok();
      }
      for (Guest from : List.of(one, two)) {
        assertThat(lab.probe(from, "ask", "tcp", NetworkLab.HOST4, "8082").ok().text())
            .as("from %s, packet filter of bridges: %s", from.ctid(), passes)
            .isEqualTo(from.equals(one) || !passes.equals("1") ? "10.50.0.1" : "10.50.0.12");
      }
      assertThat(lab.probe("out", "ask", "tcp", NetworkLab.HOST4, "8082").ok().text())
          .isEqualTo("192.0.2.2");
    }
    one.vzctl("set", "--unpublish", "all").ok();
    assertThat(lab.run("host", "bridge", "-d", "link", "show", "dev", "veth971.1").ok().text())
        .contains("hairpin off");
  }

  @Test
  void aBridgeThatIsMissing_isTold_andTheContainerStarts() {
    Guest guest = Guest.create(host, 974, "debian-12", "--netif_add", "eth0,,,,br8");
    assertThat(guest.vzctl("start").ok().stderr()).contains("bridge br8", "is not there");
    lab.ipIn("host", "link add br8 type bridge");
    guest.vzctl("set", "--ifname", "eth0", "--mac_filter", "on", "--bridge", "br8").ok();
    assertThat(lab.run("host", "ip", "-o", "link", "show", "veth974.1").ok().text())
        .contains("master br8");
    guest.destroy();
    lab.ipIn("host", "link del br8");
  }

  @Test
  void whatIsNotItsOwn_neverArrives() {
    String target = two.text("cat /sys/class/net/eth0/address");
    long refused = refused("ct971.eth0");
    RunningCommand sniffer = lab.begin(two, "sniff", "eth0", "forged");
    Guest.await(
        "the sniffer listens",
        PATIENCE,
        () ->
            !sniffer.process().isAlive()
                || lab.probe(two, "packets").ok().text().lines().count() > 1);
    lab.probe(
            one,
            "forge",
            "eth0",
            target,
            "forged",
            "10.50.0.11",
            "fd50::11",
            "10.50.0.12",
            "fd50::12")
        .ok();
    assertThat(sniffer.finish(PATIENCE).ok().text().lines())
        .as("what came through of foreign sources, MACs, RAs and DHCP answers")
        .containsExactly("ready", "own4", "own6");
    assertThat(refused("ct971.eth0") - refused).as("refused frames").isEqualTo(9);

    lab.probe(one, "forge_neighbours", "eth0", "10.50.0.12", "fd50::12").ok();
    assertThat(refused("ct971.eth0") - refused).as("and of ARP and NDP").isEqualTo(12);
    assertThat(lab.run("host", "ip", "neigh", "show", "10.50.0.12").text())
        .doesNotContain("02:de:ad");
    one.vzctl("set", "--ifname", "eth0", "--mac_filter", "off").ok();
    long before = refused("ct971.eth0");
    lab.probe(one, "forge_neighbours", "eth0", "10.50.0.77", "fd50::77").ok();
    assertThat(refused("ct971.eth0")).as("the filter is off").isEqualTo(before);
    one.vzctl("set", "--ifname", "eth0", "--mac_filter", "on").ok();
  }

  private long refused(String counter) {
    String text =
        lab.run("host", "nft", "list", "counters", "table", "bridge", table()).ok().text();
    Matcher m = Pattern.compile(Pattern.quote(counter) + " \\{\\s+packets (\\d+)").matcher(text);
    assertThat(m.find()).as(text).isTrue();
    return Long.parseLong(m.group(1));
  }

  private String table() {
    return "lamina-" + host.cgroupName();
  }

  @Test
  void aNetworkOfTheHosts_givesAddressesNamesAndAWayOut() {
    host.run("lamina", "network", "create", "lam7", "--subnet6", "fd77:7::/64").ok();
    host.run("lamina", "network", "create", "lam7").ended(ExitCode.IP_IN_USE);
    host.run("lamina", "network", "create", "eth1").ended(ExitCode.IP_IN_USE);
    host.run("lamina", "network", "create", "lam8", "--subnet", "172.20.0.0/16")
        .ended(ExitCode.IP_IN_USE);
    Guest asks =
        Guest.create(
                host,
                975,
                "debian-12",
                "--hostname",
                "asks.example.com",
                "--netif_add",
                "eth0,,,,lam7",
                "--ifname",
                "eth0",
                "--dhcp",
                "yes",
                "--dhcp6",
                "yes")
            .started();
    Guest.await(
        "DHCP gives an address",
        PATIENCE,
        () -> asks.text("ip -o -4 addr show dev eth0").contains("10.37.0.2/24"));
    Guest.await(
        "and one of IPv6",
        PATIENCE,
        () -> asks.text("ip -o -6 addr show dev eth0 scope global").contains("fd77:7::2/128"));
    Guest told = Guest.create(host, 976, "debian-12", "--hostname", "told").started();
    told.vzctl(
            "set",
            "--netif_add",
            "eth0,,,,lam7",
            "--ifname",
            "eth0",
            "--ipadd",
            "auto",
            "--ipadd",
            "auto6",
            "--publish",
            "8081:8000",
            "--save")
        .ok();
    lab.serve(told, 8000);
    assertThat(vzlist(told, "ip")).contains("10.37.0.3");
    assertThat(asked(told, "tcp", NetworkLab.OUTSIDE4)).as("borrowed").isEqualTo("192.0.2.1");
    assertThat(asked(asks, "tcp", "10.37.0.3")).isEqualTo("10.37.0.2");
    assertThat(asks.text("ip -6 route show default")).contains("via fe80::", "dev eth0", "ra");
    assertThat(asked(asks, "tcp", NetworkLab.OUTSIDE6)).as("too").isEqualTo("2001:db8::1");
    assertThat(asked(told, "tcp", NetworkLab.OUTSIDE6)).as("too").isEqualTo("2001:db8::1");
    assertThat(asked(asks, "udp", "fd77:7::3")).isEqualTo("fd77:7::2");
    assertThat(told.sh("ping -c 1 -W 3 fd77:7::2").exit()).isZero();
    neitherRoutersNorServers(told, asks);
    assertThat(lab.probe("out", "ask", "tcp", NetworkLab.HOST4, "8081").ok().text())
        .isEqualTo("192.0.2.2");
    assertThat(lab.probe(told, "ask", "tcp", NetworkLab.HOST4, "8081").ok().text())
        .as("itself, by way of the host")
        .isEqualTo("10.37.0.1");
    lab.probe(asks, "ask", "tcp", NetworkLab.HOST4, "8081").ok();
    assertThat(lab.probe(told, "ask", "tcp", NetworkLab.LAN4, "22").exit()).isNotZero();
    assertThat(asks.text("cat /etc/resolv.conf")).contains("nameserver 10.37.0.1");
    assertThat(asks.text("getent ahostsv4 told.lamina")).contains("10.37.0.3");
    assertThat(host.run("lamina", "network", "show", "lam7").ok().text())
        .contains("10.37.0.0/24", "served", "10.37.0.2", "dhcp", "10.37.0.3", "host");

    String pid = readPid();
    host.kill9();
    RunningCommand kill = RunningCommand.start(List.of("kill", "-9", pid), Map.of());
    kill.finish(PATIENCE).ok();
    lab.ipIn("host", "link set lam7 down");
    host.startDaemon();
    assertThat(readPid()).isNotEqualTo(pid);
    assertThat(asked(asks, "tcp", "10.37.0.3")).isEqualTo("10.37.0.2");

    host.run("lamina", "network", "destroy", "lam7").ended(ExitCode.IP_IN_USE);
    asks.destroy();
    assertThat(readLeases()).doesNotContain("10.37.0.2");
    told.vzctl("set", "--unpublish", "all", "--netif_del", "all", "--save").ok();
    told.destroy();
    host.run("lamina", "network", "destroy", "lam7").ok();
    assertThat(lab.remains()).noneMatch(line -> line.contains("lam7"));
    assertThat(Files.exists(host.runDir().resolve("network/lam7"))).isFalse();
  }

  /** On a network where others are advertised and asked by that protocol, too. */
  private void neitherRoutersNorServers(Guest from, Guest to) {
    String counter = "ct" + from.ctid() + ".eth0";
    long refused = refused(counter);
    String routes = to.text("ip -6 route show default | wc -l");
    lab.probe(
            from,
            "forge",
            "eth0",
            to.text("cat /sys/class/net/eth0/address"),
            "forged",
            "10.37.0.3",
            "fd77:7::3",
            "10.37.0.2",
            "fd77:7::2")
        .ok();
    assertThat(refused(counter) - refused).as("foreign sources, RAs and answers").isEqualTo(9);
    assertThat(to.text("ip -6 route show default | wc -l")).isEqualTo(routes);
  }

  private String readPid() {
    return read("pid").strip();
  }

  private String readLeases() {
    return read("leases");
  }

  private String read(String name) {
    try {
      return Files.readString(host.runDir().resolve("network/lam7").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void interfacesOfTheHost_areGivenBack() throws IOException {
    lab.ipIn("host", "link add nic0 type veth peer name nic1");
    Guest guest = Guest.create(host, 977, "debian-12", "--netdev_add", "nic0").started();
    try {
      assertThat(lab.run("host", "ip", "link", "show", "nic0").exit()).isNotZero();
      assertThat(guest.text("ip -o link show nic0")).contains("nic0");
      two.vzctl("set", "--netdev_add", "nic0").ended(ExitCode.IP_IN_USE);
      guest.vzctl("set", "--netdev_add", "eth0").ended(ExitCode.NETDEV_FAILED);
      guest.vzctl("set", "--netdev_add", "nosuch").ended(ExitCode.NETDEV_FAILED);
      // Renamed inside, and the container dies while nobody watches.
      guest.sh("ip link set nic0 down && ip link set nic0 name mine").ok();
      host.kill9();
      new ProcessBuilder("kill", "-9", Integer.toString(guest.init())).start();
      host.startDaemon();
      Guest.await("it is back", PATIENCE, () -> there("nic0"));
      guest.vzctl("start", "--wait").ok();
      guest.vzctl("set", "--netdev_del", "nic0").ok();
      assertThat(there("nic0")).isTrue();
      guest.vzctl("set", "--netdev_add", "nic0").ok();
      guest.destroy();
      assertThat(there("nic0")).isTrue();
      assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain("ct/977");
    } finally {
      lab.ipIn("host", "link del nic1");
    }
  }

  private boolean there(String device) {
    return lab.run("host", "ip", "link", "show", device).exit() == 0;
  }

  @Test
  void pools_giveTheNextFreeAddress_andTheWireIsAsked() {
    host.run("lamina", "pool", "create", "few", "192.0.2.80-192.0.2.81").ok();
    host.run("lamina", "pool", "create", "same", "192.0.2.0/24").ended(ExitCode.IP_IN_USE);
    Guest a = Guest.create(host, 978, "debian-12", "--ipadd", "auto");
    assertThat(vzlist(a, "ip")).isEqualTo("192.0.2.80");
    a.vzctl("set", "--ipadd", "auto:few", "--save").ok();
    assertThat(host.run("lamina", "pool", "list").ok().text()).containsPattern("few .* 2 +2");
    a.vzctl("set", "--ipadd", "auto", "--save").ended(ExitCode.NO_FREE_ADDRESS);
    a.vzctl("set", "--ipadd", "auto:none", "--save").ended(ExitCode.BAD_PARAMETER);
    assertThat(a.vzctl("set", "--ipadd", "192.0.2.2", "--save").ended(ExitCode.IP_IN_USE).stderr())
        .contains("192.0.2.2 is in use on eth0 by");
    a.vzctl("set", "--ipadd", "2001:db8::2", "--save").ended(ExitCode.IP_IN_USE);
    a.vzctl("set", "--ipadd", "192.0.2.2", "--save", "--skip_arpdetect").ok();
    a.destroy();
    host.run("lamina", "pool", "destroy", "few").ok();
  }

  @Test
  void vznetstat_counts() {
    asked(one, "udp", "10.50.0.12");
    assertThat(host.run("vznetstat", "-v", "971").ok().stdout())
        .containsPattern("(?m)^ *CTID +Net.Class +Input\\(bytes\\)")
        .containsPattern("(?m)^ *971 +1 +[1-9]\\d* +[1-9]\\d* +[1-9]\\d* +[1-9]\\d*$");
    assertThat(host.run("vznetstat", "-j").ok().stdout()).contains("\"ctid\" : 971");
    host.run("vznetstat", "-v", "999").ended(ExitCode.NO_CONTAINER_CONFIG);
  }

  @Test
  void everything_survivesTheDaemon() {
    host.kill9();
    lab.run("host", "nft", "flush", "ruleset").ok();
    host.startDaemon();
    assertThat(refused("ct971.eth0")).isZero();
    assertThat(asked(one, "tcp", "10.50.0.12")).isEqualTo("10.50.0.11");
  }
}
