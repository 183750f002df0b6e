package org.lamina.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetifTest {
  private static final InterfaceIdentity ID =
      new InterfaceIdentity(new Ctid(101), UUID.fromString("00000000-0000-0000-0000-000000000101"));

  private static NetifChange added(String... texts) {
    return new NetifChange(
        false,
        List.of(),
        List.of(texts).stream().map(NetifChange.Addition::parse).toList(),
        List.of(),
        false,
        List.of(),
        List.of());
  }

  private static NetifChange.Edit edit(String name, String address, String gateway, Boolean dhcp) {
    return new NetifChange.Edit(
        name,
        null,
        null,
        null,
        null,
        null,
        false,
        List.of(),
        address == null ? List.of() : List.of(GuestAddress.parse(address)),
        List.of(),
        gateway,
        null,
        dhcp,
        null);
  }

  @Test
  void whatIsLeftOut_followsFromTheIdentity_andStays() {
    List<Netif> two = added("eth0", "eth1,,,,br0").apply(List.of(), ID);
    assertThat(two).isEqualTo(added("eth0", "eth1,,,,br0").apply(List.of(), ID));
    assertThat(two.get(0).hostName()).isEqualTo("veth101.1");
    assertThat(two.get(1).hostName()).isEqualTo("veth101.2");
    assertThat(two.get(1).bridge()).isEqualTo("br0");
    for (Netif n : two) {
      assertThat(Integer.parseInt(n.mac().text().substring(0, 2), 16) & 3)
          .as("locally administered, of one interface")
          .isEqualTo(2);
      assertThat(n.hostMac().text()).as("greater than others of a bridge").startsWith("fe:");
    }
    assertThat(two.get(0).mac()).isNotEqualTo(two.get(1).mac());
    assertThat(new InterfaceIdentity(new Ctid(2_147_483_644), ID.uuid()).hostName(1)).hasSize(14);
  }

  @Test
  void everyValue_isKeptByTheConfigurationFile() {
    String text =
        "ifname=eth0,mac=02:00:00:00:00:01,host_ifname=veth101.1,host_mac=fe:00:00:00:00:01,"
            + "bridge=br0,mac_filter=off,ip=10.0.0.2/24,ip=fd00::2/64,gw=10.0.0.1,gw6=fd00::1"
            + ";ifname=eth1,mac=02:00:00:00:00:02,host_ifname=veth101.2,"
            + "host_mac=fe:00:00:00:00:02,bridge=lamina0,dhcp=yes,lease=10.37.0.2";
    Map<String, String> keys = Map.of("NETIF", text, "NETDEV", "eth7");
    NetworkConfig read = NetworkConfig.read(k -> Optional.ofNullable(keys.get(k)));
    assertThat(read.toKeys()).isEqualTo(keys);
    assertThat(read.owned().stream().map(IpAddress::text))
        .containsExactly("10.0.0.2", "fd00::2", "10.37.0.2");
    assertThat(read.first(false)).contains(new IpAddress("10.0.0.2"));
  }

  @Test
  void filesOfOpenVz_areRead_withWhatTheyLeaveOut() {
    Map<String, String> keys =
        Map.of("NETIF", "ifname=eth0,bridge=br0,mac=00:18:51:AA:bb:CC,network=x;ifname=eth1");
    NetworkConfig read = NetworkConfig.read(k -> Optional.ofNullable(keys.get(k)), ID);
    assertThat(read.interfaces().getFirst().mac().text()).isEqualTo("00:18:51:aa:bb:cc");
    assertThat(read.interfaces().getLast().hostName()).isEqualTo("veth101.2");
    assertThatThrownBy(() -> NetworkConfig.read(k -> Optional.ofNullable(keys.get(k))))
        .hasMessageContaining("not described in full");
  }

  @Test
  void changes_applyInOrder() {
    List<Netif> one = added("eth0,,,,br0").apply(List.of(), ID);
    NetifChange next =
        new NetifChange(
            false,
            List.of(),
            List.of(NetifChange.Addition.parse("eth1")),
            List.of(edit("eth0", "10.0.0.2/24", "10.0.0.1", null)),
            false,
            List.of(),
            List.of("nic0"));
    List<Netif> two = next.apply(one, ID);
    assertThat(two.getFirst().gateway4()).isEqualTo(new IpAddress("10.0.0.1"));
    assertThat(two.getFirst().mac()).isEqualTo(one.getFirst().mac());
    assertThat(next.devices(List.of("nic1"))).containsExactly("nic1", "nic0");
    assertThatThrownBy(() -> added("eth0").apply(one, ID))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.VETH_FAILED));
    assertThatThrownBy(() -> edit("eth0", null, null, true).apply(two.getFirst()))
        .hasMessageContaining("DHCP");
    assertThatThrownBy(() -> edit("eth0", "10.0.0.2", null, null).apply(one.getFirst()))
        .hasMessageContaining("not known");
    assertThatThrownBy(() -> edit("eth0", null, "fd00::1", null).apply(one.getFirst()))
        .hasMessageContaining("other family");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "venet0",
        "lo",
        "eth0,01:00:00:00:00:00",
        "eth0,00:00:00:00:00:00",
        "eth0,zz",
        "eth0,,a b",
        "eth0,,,,br0;reboot",
        "averyveryverylongname",
        "eth0,,,,,x",
        "../x",
        "-o"
      })
  void badInterfaces_areRefused(String text) {
    assertThatThrownBy(() -> added(text).apply(List.of(), ID)).isInstanceOf(LaminaException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.1, 192.0.2.254, 254",
    "192.0.2.4/31, 192.0.2.4, 192.0.2.5, 2",
    "192.0.2.10-192.0.2.19, 192.0.2.10, 192.0.2.19, 10",
    "fd00::/126, fd00::1, fd00::3, 3"
  })
  void ranges_areRead(String text, String first, String last, long size) {
    AddressRange range = AddressRange.parse(text);
    assertThat(range.first().text()).isEqualTo(first);
    assertThat(range.last().text()).isEqualTo(last);
    assertThat(range.size().longValue()).isEqualTo(size);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "192.0.2.1/24",
        "192.0.2.9-192.0.2.1",
        "192.0.2.1-fd00::1",
        "192.0.2.0",
        "x/24",
        "0.0.0.0/1"
      })
  void badRanges_areRefused(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text)).isInstanceOf(LaminaException.class);
  }

  @Test
  void theNextAddress_isTheLowestFreeOne() {
    AddressRange range = AddressRange.parse("192.0.2.10-192.0.2.11");
    Set<IpAddress> taken = Set.of(new IpAddress("192.0.2.10"));
    assertThat(range.next(taken)).contains(new IpAddress("192.0.2.11"));
    assertThat(range.next(Set.of(new IpAddress("192.0.2.10"), new IpAddress("192.0.2.11"))))
        .isEmpty();
    assertThat(range.overlaps(AddressRange.parse("192.0.2.0/28"))).isTrue();
    assertThat(range.overlaps(AddressRange.parse("192.0.2.16/28"))).isFalse();
  }

  @Test
  void aBridgeNetwork_hasTheFirstAddress() {
    BridgeNetwork n = new BridgeNetwork("lamina0", "10.37.0.0/24", "fd00:1::/64", "lamina");
    assertThat(n.gateway4().text()).isEqualTo("10.37.0.1");
    assertThat(n.range(false).first().text()).isEqualTo("10.37.0.2");
    assertThat(n.range(true).first().text()).isEqualTo("fd00:1::2");
    assertThat(n.contains(new IpAddress("10.37.0.254"))).isTrue();
    assertThatThrownBy(() -> new BridgeNetwork("lamina0", "fd00::/64", null, "lamina"))
        .isInstanceOf(LaminaException.class);
    assertThatThrownBy(() -> new BridgeNetwork("lamina0", "10.0.0.0/24", null, "La mina"))
        .isInstanceOf(LaminaException.class);
  }
}
