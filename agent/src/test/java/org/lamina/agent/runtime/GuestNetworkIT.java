package org.lamina.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.schema.NetworkConfig;

/** What each kind of network manager finds inside. Needs root, for files of another owner. */
class GuestNetworkIT {
  private static final int OWNER = 1_048_576;
  private static final String ETH0 =
      "ifname=eth0,mac=02:00:00:00:00:01,host_ifname=v1,host_mac=02:00:00:00:00:02,bridge=br0";
  private static final String MANAGED = "etc/NetworkManager/conf.d/lamina-venet0.conf";
  private static final String NETWORKD = "etc/systemd/network/05-lamina-venet0.network";
  private static final String IFUPDOWN = "etc/network/interfaces.d/lamina";

  @TempDir Path directory;
  private Path guest;

  @BeforeEach
  void emptyRoot() throws IOException {
    // What is inside is written as the container's root, who has to get there.
    Files.setAttribute(directory, "unix:mode", 0755);
    guest = directory.resolve("guest");
    have("etc");
  }

  @Test
  void whatIsSetFromTheHost_isLeftAloneByEveryManager() throws IOException {
    have("etc/systemd/network", "etc/NetworkManager/conf.d", "etc/network/interfaces.d");
    file("etc/network/interfaces", "auto lo\niface lo inet loopback\n");
    assertThat(write(routed())).isEqualTo(GuestNetwork.Asking.NOBODY);
    assertThat(text(NETWORKD)).contains("Name=venet0", "Unmanaged=yes");
    assertThat(text(MANAGED)).contains("[keyfile]\nunmanaged-devices=interface-name:venet0\n");
    assertThat(guest.resolve(IFUPDOWN)).doesNotExist();
    assertThat(Files.getAttribute(guest.resolve(MANAGED), "unix:uid")).isEqualTo(OWNER);

    write(routed("NETIF", ETH0 + ",ip=10.0.0.5/24"));
    assertThat(text(NETWORKD)).contains("Name=venet0 eth0");
    assertThat(text(MANAGED)).contains("interface-name:venet0;interface-name:eth0");

    write(NetworkConfig.NONE);
    assertThat(guest.resolve(NETWORKD)).doesNotExist();
    assertThat(guest.resolve(MANAGED)).doesNotExist();
  }

  @Test
  void ifupdownWithAClient_asksForAddresses() throws IOException {
    have("etc/network/interfaces.d", "etc/systemd/network", "usr/sbin");
    file("etc/network/interfaces", "source /etc/network/interfaces.d/*\n");
    file("usr/sbin/dhclient", "");
    assertThat(write(asking("dhcp=yes"))).isEqualTo(GuestNetwork.Asking.IFUPDOWN);
    assertThat(text(IFUPDOWN)).endsWith("auto eth0\niface eth0 inet dhcp\n");
    try (var files = Files.list(guest.resolve("etc/systemd/network"))) {
      assertThat(files).as("only one asks").isEmpty();
    }
    write(NetworkConfig.NONE);
    assertThat(guest.resolve(IFUPDOWN)).doesNotExist();
  }

  @Test
  void withoutOne_networkdAsks_andIsSwitchedOn() throws IOException {
    have(
        "etc/network/interfaces.d",
        "etc/systemd/network",
        "etc/systemd/system/multi-user.target.wants");
    file("etc/network/interfaces", "source /etc/network/interfaces.d/*\n");
    assertThat(write(asking("dhcp=yes"))).isEqualTo(GuestNetwork.Asking.NETWORKD);
    assertThat(text("etc/systemd/network/90-lamina-dhcp-ipv4.network"))
        .endsWith("[Match]\nName=eth0\n[Network]\nDHCP=ipv4\n");
    assertThat(guest.resolve("etc/systemd/system/multi-user.target.wants/systemd-networkd.service"))
        .isSymbolicLink();
    write(asking("dhcp=yes,dhcp6=yes"));
    assertThat(guest.resolve("etc/systemd/network/90-lamina-dhcp-ipv4.network")).doesNotExist();
    assertThat(text("etc/systemd/network/90-lamina-dhcp-yes.network")).contains("DHCP=yes");
  }

  @Test
  void whatTheAdministratorSays_stays() throws IOException {
    have(
        "etc/network/interfaces.d", "etc/systemd/network", "etc/NetworkManager/conf.d", "usr/sbin");
    file("etc/network/interfaces", "auto eth0\n  iface eth0 inet static\n");
    file("usr/sbin/dhclient", "");
    file(MANAGED, "[keyfile]\n");
    file(IFUPDOWN, "# mine\n");
    assertThat(write(asking("dhcp=yes"))).isEqualTo(GuestNetwork.Asking.NOBODY);
    write(routed());
    assertThat(text(MANAGED)).isEqualTo("[keyfile]\n");
    assertThat(text(IFUPDOWN)).isEqualTo("# mine\n");
    write(NetworkConfig.NONE);
    assertThat(text(MANAGED)).isEqualTo("[keyfile]\n");
  }

  @Test
  void linksThatLeadOutside_areNotFollowed() throws IOException {
    Path outside = directory.resolve("outside");
    Path deeper = Files.createDirectories(outside.resolve("conf.d"));
    Files.setAttribute(outside, "unix:mode", 0777);
    Files.setAttribute(deeper, "unix:mode", 0777);
    have("etc/systemd");
    Files.createSymbolicLink(guest.resolve("etc/systemd/network"), outside);
    Files.createSymbolicLink(guest.resolve("etc/NetworkManager"), Path.of("../../outside"));
    Files.createSymbolicLink(guest.resolve("etc/resolv.conf"), outside.resolve("resolv.conf"));
    write(routed("NAMESERVER", "192.0.2.53"));
    try (var files = Files.walk(outside)) {
      assertThat(files).containsExactlyInAnyOrder(outside, deeper);
    }
    assertThat(text("etc/resolv.conf")).contains("nameserver 192.0.2.53");
  }

  @Test
  void nameServersOfTheHost_areInherited() throws IOException {
    write(routed("NAMESERVER", "inherit"));
    String host = Files.readString(Path.of("/etc/resolv.conf"));
    assertThat(host).as("this host has a name server").contains("nameserver");
    assertThat(text("etc/resolv.conf").lines().filter(l -> l.startsWith("nameserver")))
        .isNotEmpty()
        .allMatch(host::contains);
  }

  private static NetworkConfig routed(String... more) {
    return network("10.0.0.1", more);
  }

  private static NetworkConfig asking(String how) {
    return network("", "NETIF", ETH0 + "," + how);
  }

  private static NetworkConfig network(String address, String... more) {
    Map<String, String> keys =
        more.length == 0
            ? Map.of("IP_ADDRESS", address)
            : Map.of("IP_ADDRESS", address, more[0], more[1]);
    return NetworkConfig.read(key -> Optional.ofNullable(keys.get(key)));
  }

  private GuestNetwork.Asking write(NetworkConfig network) {
    try (Fd root = Kernel.linux().files().openDirectory(guest.toString())) {
      return new GuestFiles(Kernel.linux()).setNetwork(root, OWNER, network);
    }
  }

  /** Directories of the container's root. */
  private void have(String... paths) throws IOException {
    for (String path : paths) {
      Path at = guest;
      Files.createDirectories(guest.resolve(path));
      own(guest);
      for (Path name : Path.of(path)) {
        at = at.resolve(name);
        own(at);
      }
    }
  }

  private void file(String path, String text) throws IOException {
    own(Files.writeString(guest.resolve(path), text));
  }

  private static void own(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", OWNER);
    Files.setAttribute(path, "unix:gid", OWNER);
  }

  private String text(String path) throws IOException {
    return Files.readString(guest.resolve(path));
  }
}
