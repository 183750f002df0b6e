package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
 * Containers with addresses, seen by real packets: from the host, from each other, from outside.
 * The daemon runs in a network namespace of its own, which is "the host" here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class NetworkIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int PORT = 8000;
  private static final int CROWD = 50;

  private final NetworkLab lab = new NetworkLab();
  private LaminaHost host;

  /** Public addresses of both families, known to the outside by ARP and NDP. */
  private Guest open;

  /** A private address, behind the host's. */
  private Guest hidden;

  @BeforeAll
  void start() {
    host = LaminaHost.start(lab.onHost(), Map.of());
    Guest loopbackOnly = Guest.create(host, 960, "debian-12").started();
    assertThat(lab.remains()).as("a container without addresses changes nothing").isEmpty();
    assertThat(loopbackOnly.text("cat /proc/net/dev | grep -c :")).isEqualTo("1");
    loopbackOnly.destroy();
    open =
        Guest.create(host, 961, "debian-12", "--ipadd", "192.0.2.61/24", "--ipadd", "2001:db8::61")
            .started();
    hidden =
        Guest.create(host, 962, "debian-12", "--ipadd", "10.9.0.62", "--publish", "8080:" + PORT)
            .started();
    lab.serve("out", PORT);
    lab.serve("lan", PORT);
    lab.serve("host", PORT);
    lab.serve(open, PORT);
    lab.serve(hidden, PORT);
  }

  @AfterAll
  void nothingIsLeft() {
    try {
      host.close();
      assertThat(lab.remains()).as("left on the host after its containers").isEmpty();
    } finally {
      lab.close();
    }
  }

  private static String port() {
    return Integer.toString(PORT);
  }

  private String seen(Guest from, String kind, String address) {
    return lab.probe(from, "ask", kind, address, port()).ok().text();
  }

  private String seen(String from, String kind, String address, String port) {
    return lab.probe(from, "ask", kind, address, port).ok().text();
  }

  @Test
  void everyWay_worksFromTheFirstBoot() {
    for (String kind : List.of("tcp", "udp")) {
      assertThat(seen("out", kind, "192.0.2.61", port())).isEqualTo("192.0.2.2");
      assertThat(seen("out", kind, "2001:db8::61", port())).isEqualTo("2001:db8::2");
      assertThat(seen("host", kind, "192.0.2.61", port())).isEqualTo("192.0.2.1");
      assertThat(seen("host", kind, "10.9.0.62", port())).isEqualTo("192.0.2.1");
      assertThat(seen(open, kind, NetworkLab.OUTSIDE4)).isEqualTo("192.0.2.61");
      assertThat(seen(open, kind, NetworkLab.OUTSIDE6)).isEqualTo("2001:db8::61");
      assertThat(seen(open, kind, NetworkLab.HOST4)).isEqualTo("192.0.2.61");
      assertThat(seen(open, kind, "10.9.0.62")).isEqualTo("192.0.2.61");
      assertThat(seen(hidden, kind, "192.0.2.61")).isEqualTo("10.9.0.62");
    }
    assertThat(seen(hidden, "tcp", NetworkLab.OUTSIDE4)).as("borrowed").isEqualTo("192.0.2.1");
    open.sh("ping -c 1 -W 3 -M do -s 1472 192.0.2.2").ok();
    open.sh("ping -c 1 -W 3 2001:db8::2").ok();
    lab.probe("out", "ask", "udp", "192.0.2.61", port(), "20000").ok();
  }

  @Test
  void publishedPort_leadsInside_fromEverywhere() {
    assertThat(seen("out", "tcp", NetworkLab.HOST4, "8080")).isEqualTo("192.0.2.2");
    assertThat(seen("lan", "tcp", "172.20.0.1", "8080")).isEqualTo(NetworkLab.LAN4);
    assertThat(seen("host", "tcp", NetworkLab.HOST4, "8080")).isEqualTo("192.0.2.1");
    assertThat(lab.probe(open, "ask", "tcp", NetworkLab.HOST4, "8080").ok().text())
        .isEqualTo("192.0.2.61");
    assertThat(lab.probe(hidden, "ask", "tcp", NetworkLab.HOST4, "8080").ok().text())
        .as("itself, by way of the host")
        .isEqualTo("192.0.2.1");

    hidden.vzctl("set", "--publish", "192.0.2.1:5353:" + PORT + "/udp").ok();
    assertThat(seen("out", "udp", NetworkLab.HOST4, "5353")).isEqualTo("192.0.2.2");
    assertThat(lab.probe("lan", "ask", "udp", "172.20.0.1", "5353").exit())
        .as("another address of the host")
        .isNotZero();
    hidden.vzctl("set", "--unpublish", "192.0.2.1:5353:" + PORT + "/udp").ok();
    assertThat(lab.probe("out", "ask", "udp", NetworkLab.HOST4, "5353").exit()).isNotZero();
    open.vzctl("set", "--publish", "8080:80").ended(ExitCode.IP_IN_USE);
  }

  @Test
  void otherNetworksOfTheHost_areOutOfReach() {
    for (Guest guest : List.of(open, hidden)) {
      assertThat(lab.probe(guest, "ask", "tcp", NetworkLab.LAN4, port()).exit()).isNotZero();
    }
  }

  @Test
  void addresses_comeAndGoUnderARunningDownload() throws IOException {
    RunningCommand download = lab.begin("out", "download", "192.0.2.61", port());
    List<Long> times = new ArrayList<>();
    for (int round = 0; round < 10; round++) {
      String more = "192.0.2." + (100 + round);
      times.add(open.vzctl("set", "--ipadd", more, "--skip_arpdetect").ok().took().toMillis());
      assertThat(seen("out", "tcp", more, port())).isEqualTo("192.0.2.2");
      assertThat(host.run("vzlist", "-H", "-o", "ip", "961").ok().text()).contains(more);
      open.vzctl("set", "--ipdel", more).ok();
      assertThat(lab.run("host", "ip", "route").ok().text()).doesNotContain(more + " ");
    }
    assertThat(lab.probe("host", "ask", "tcp", "192.0.2.109", port()).exit()).isNotZero();
    assertThat(open.text("ip -o -4 addr show venet0")).doesNotContain("192.0.2.109");
    download.stdin().close();
    assertThat(Long.parseLong(download.finish(PATIENCE).ok().text().replace("ready\n", "")))
        .isGreaterThan(1 << 20);
    times.sort(null);
    System.out.println("adding an address live, command included, ms: " + times);
    assertThat(times.get(times.size() / 2)).as("median, ms").isLessThan(1000);
  }

  @Test
  void whatIsNotItsOwn_neverArrives() {
    String gateway = "";
    Matcher m =
        Pattern.compile("link/ether (\\S+)")
            .matcher(lab.run("host", "ip", "-o", "link", "show", "veth961.0").ok().text());
    if (m.find()) {
      gateway = m.group(1);
    }
    String routes = lab.run("host", "ip", "-6", "route").ok().text();
    long refused = refused();
    RunningCommand sniffer = lab.begin("out", "sniff", "eth0", "forged");
    awaitReady(sniffer);
    lab.probe(
            open,
            "forge",
            "venet0",
            gateway,
            "forged",
            "192.0.2.61",
            "2001:db8::61",
            NetworkLab.OUTSIDE4,
            NetworkLab.OUTSIDE6)
        .ok();
    assertThat(sniffer.finish(PATIENCE).ok().text().lines())
        .as("what came through of foreign sources, MACs, RAs and DHCP answers")
        .containsExactly("ready", "own4", "own6");
    assertThat(refused() - refused).as("refused packets").isEqualTo(9);
    assertThat(lab.run("host", "ip", "-6", "route").ok().text()).isEqualTo(routes);
  }

  /** The sniffer's socket is bound before its first output; the pipe is read at the end. */
  private void awaitReady(RunningCommand sniffer) {
    Guest.await(
        "the sniffer listens",
        PATIENCE,
        () ->
            !sniffer.process().isAlive()
                || lab.run("out", "cat", "/proc/self/net/packet").text().lines().count() > 1);
  }

  private long refused() {
    String text =
        lab.run("host", "nft", "list", "counters", "table", "inet", "lamina-" + host.cgroupName())
            .ok()
            .text();
    Matcher m = Pattern.compile("ct961 \\{\\s+packets (\\d+)").matcher(text);
    assertThat(m.find()).as(text).isTrue();
    return Long.parseLong(m.group(1));
  }

  @Test
  void resolver_isWritten_neverThroughALink() throws IOException {
    open.vzctl("set", "--nameserver", "192.0.2.53", "--searchdomain", "example.com", "--save").ok();
    assertThat(open.text("cat /etc/resolv.conf"))
        .contains("nameserver 192.0.2.53", "search example.com");
    Path victim = Files.writeString(host.stateDir().resolve("victim"), "mine\n");
    open.sh("rm /etc/resolv.conf && ln -s " + victim + " /etc/resolv.conf").ok();
    open.vzctl("set", "--nameserver", "192.0.2.54").ok();
    assertThat(Files.readString(victim)).isEqualTo("mine\n");
    assertThat(open.text("cat /etc/resolv.conf")).contains("nameserver 192.0.2.54");
    open.sh("rm -r /etc/resolv.conf && mkdir /etc/resolv.conf").ok();
    open.vzctl("set", "--nameserver", "192.0.2.55").ok();
    open.sh("rmdir /etc/resolv.conf").ok();
  }

  @Test
  void everything_survivesTheDaemon_andWhatItLostIsMended() {
    open.vzctl("set", "--ipadd", "192.0.2.70").ok();
    RunningCommand download = lab.begin("out", "download", "192.0.2.61", port());
    host.kill9();
    lab.run("host", "nft", "flush", "ruleset").ok();
    lab.ipIn("host", "route del 192.0.2.70 dev veth961.0");
    host.startDaemon();

    assertThat(seen("out", "tcp", "192.0.2.70", port())).as("unsaved too").isEqualTo("192.0.2.2");
    assertThat(seen("out", "tcp", NetworkLab.HOST4, "8080")).isEqualTo("192.0.2.2");
    // Somebody's firewall is loaded again while the daemon runs.
    lab.run("host", "nft", "flush", "ruleset").ok();
    open.vzctl("set", "--ipdel", "192.0.2.70").ok();
    assertThat(seen("out", "tcp", NetworkLab.HOST4, "8080")).isEqualTo("192.0.2.2");
    closeInput(download);
    download.finish(PATIENCE).ok();
  }

  private static void closeInput(RunningCommand command) {
    try {
      command.stdin().close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void reboot_inside_bringsEverythingBack() {
    Guest guest =
        Guest.create(host, 963, "debian-12", "--ipadd", "10.9.0.63", "--ipadd", "fd00::63")
            .started();
    String hardware = guest.text("cat /sys/class/net/venet0/address");
    guest.vzctl("set", "--ipadd", "10.9.0.64").ok();
    int before = guest.init();
    guest.sh("systemctl reboot");
    Guest.await("it runs again", PATIENCE, () -> guest.initIfAny().orElse(before) != before);
    Guest.await("it answers", PATIENCE, () -> guest.sh("true").exit() == 0);
    assertThat(guest.text("cat /sys/class/net/venet0/address")).isEqualTo(hardware);
    assertThat(seen(guest, "tcp", NetworkLab.OUTSIDE4)).isEqualTo("192.0.2.1");
    assertThat(guest.text("ip -o addr show venet0"))
        .contains("10.9.0.63", "fd00::63")
        .doesNotContain("10.9.0.64");
    guest.destroy();
    assertThat(lab.remains())
        .noneMatch(line -> line.contains("veth963") || line.contains("9.0.63"));
  }

  @Test
  void anyInit_hasItsAddressesWithoutHelpingIt() {
    Guest guest =
        Guest.create(
                host,
                967,
                "debian-12-sysvinit",
                "--ipadd",
                "192.0.2.67/24",
                "--ipadd",
                "2001:db8::67")
            .started();
    lab.serve(guest, PORT);
    assertThat(seen("out", "tcp", "192.0.2.67", port())).isEqualTo("192.0.2.2");
    assertThat(seen("out", "tcp", "2001:db8::67", port())).isEqualTo("2001:db8::2");
    assertThat(seen(guest, "tcp", NetworkLab.OUTSIDE4)).isEqualTo("192.0.2.67");
    guest.vzctl("set", "--ipadd", "192.0.2.68").ok();
    assertThat(seen("out", "tcp", "192.0.2.68", port())).isEqualTo("192.0.2.2");
    guest.destroy();
  }

  @Test
  void firstAndLastAddress_liveOnARunningContainer() {
    Guest guest = Guest.create(host, 964, "debian-12").started();
    guest.vzctl("set", "--ipadd", "10.9.0.65", "--save").ok();
    assertThat(seen(guest, "tcp", NetworkLab.OUTSIDE4)).isEqualTo("192.0.2.1");
    guest.vzctl("set", "--ipdel", "all", "--save").ok();
    assertThat(guest.text("cat /proc/net/dev | grep -c :")).isEqualTo("1");
    assertThat(guest.conf("IP_ADDRESS")).isEmpty();
    guest.destroy();
  }

  @Test
  void addressesInUse_orBad_areRefused() {
    open.vzctl("set", "--ipadd", "10.9.0.62", "--save").ended(ExitCode.IP_IN_USE);
    open.vzctl("set", "--ipadd", NetworkLab.HOST4).ended(ExitCode.IP_IN_USE);
    open.vzctl("set", "--ipadd", "10.0.0.300").ended(ExitCode.BAD_IP);
    open.vzctl("set", "--ipadd", "10.0.0.1;reboot").ended(ExitCode.BAD_IP);
    open.vzctl("set", "--nameserver", "ns1").ended(ExitCode.BAD_NAMESERVER);
    open.vzctl("set", "--searchdomain", "a/b").ended(ExitCode.BAD_SEARCHDOMAIN);
    host.run("vzctl", "create", "965", "--ostemplate", "debian-12", "--ipadd", "10.9.0.62")
        .ended(ExitCode.IP_IN_USE);
    assertThat(host.run("vzctl", "status", "965").ok().text()).contains("deleted");
  }

  @Test
  void foreignFirewall_isExplained() {
    lab.run("host", "nft", "add", "table", "ip", "other").ok();
    lab.run(
            "host",
            "nft",
            "add chain ip other FORWARD { type filter hook forward priority 0; policy drop; }")
        .ok();
    try {
      Guest guest = Guest.create(host, 966, "debian-12", "--ipadd", "10.9.0.66");
      assertThat(guest.vzctl("start").ok().stderr())
          .contains("chain FORWARD of table ip other", "nft insert rule ip other FORWARD");
      assertThat(host.run("lamina", "doctor").stdout()).contains("table ip other");
      guest.destroy();
    } finally {
      lab.run("host", "nft", "delete", "table", "ip", "other").ok();
    }
  }

  @Test
  void rate_holdsBothWays_live() {
    hidden.vzctl("set", "--rate", "8000", "--save").ok();
    assertThat(host.run("vzlist", "-H", "-o", "rate", "962").ok().text()).isEqualTo("8000");
    // 4 MB are 4 seconds at 8 Mbit/s, less what may go at once: a second's worth when it sends.
    assertThat(millis("host", "10.9.0.62")).as("sent").isBetween(2000L, 15_000L);
    assertThat(Long.parseLong(fetch(hidden))).as("received").isBetween(2000L, 15_000L);
    hidden.vzctl("set", "--rate", "0", "--save").ok();
    assertThat(millis("host", "10.9.0.62")).as("sent").isLessThan(2500);
    assertThat(Long.parseLong(fetch(hidden))).as("received").isLessThan(2500);
    assertThat(hidden.conf("RATE")).isEmpty();
  }

  private long millis(String from, String address) {
    return Long.parseLong(lab.probe(from, "fetch", address, port(), "4000000").ok().text());
  }

  private String fetch(Guest guest) {
    return lab.probe(guest, "fetch", NetworkLab.OUTSIDE4, port(), "4000000").ok().text();
  }

  @Test
  void numbers_areThoseOfTheContainer() {
    long before = bytes("netin");
    lab.probe("out", "ask", "udp", "192.0.2.61", port(), "1000").ok();
    Guest.await("the bytes are counted", PATIENCE, () -> bytes("netin") - before >= 1000);
    assertThat(bytes("netin") - before).isLessThan(5000);
  }

  private long bytes(String field) {
    String json = host.run("vzlist", "-j", "-o", field, "961").ok().text();
    Matcher m = Pattern.compile("\"" + field + "\" : (\\d+)").matcher(json);
    assertThat(m.find()).as(json).isTrue();
    return Long.parseLong(m.group(1));
  }

  @Test
  void manyAtOnce() {
    List<Guest> guests = new ArrayList<>();
    for (int n = 1; n <= CROWD; n++) {
      guests.add(
          Guest.create(
              host,
              1000 + n,
              "debian-12",
              "--ipadd",
              "10.9.1." + n + "/24",
              "--ipadd",
              "fd09::" + n));
    }
    long start = System.nanoTime();
    List<RunningCommand> starts = guests.stream().map(g -> g.begin("start")).toList();
    starts.forEach(s -> s.finish(Duration.ofMinutes(4)).ok());
    System.out.printf(
        "%d containers with two addresses each: %d ms%n",
        CROWD, (System.nanoTime() - start) / 1_000_000);
    List<String> question = new ArrayList<>(List.of("silent"));
    for (int n = 1; n <= CROWD; n++) {
      question.add("10.9.1." + n);
      question.add("fd09::" + n);
    }
    assertThat(lab.probe("host", question.toArray(String[]::new)).ok().text())
        .as("addresses that do not answer")
        .isEmpty();
    for (Guest guest : guests) {
      assertThat(seen(guest, "tcp", NetworkLab.OUTSIDE4)).isEqualTo("192.0.2.1");
      assertThat(lab.probe(guest, "ask", "tcp", NetworkLab.OUTSIDE6, port()).ok().text())
          .isEqualTo("2001:db8::1");
    }
    guests.parallelStream().forEach(Guest::destroy);
    assertThat(lab.remains()).noneMatch(line -> line.contains("veth10"));
  }
}
