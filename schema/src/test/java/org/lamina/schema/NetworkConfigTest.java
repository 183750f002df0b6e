package org.lamina.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkConfigTest {
  private static final InterfaceIdentity ID =
      new InterfaceIdentity(
          new Ctid(101), java.util.UUID.fromString("00000000-0000-0000-0000-000000000101"));

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "2001:DB8:0:0:0:0:0:1, 2001:db8::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:0db8:0000:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "::1, ::1",
    "fe80::, fe80::",
    "::, ::",
  })
  void address_hasOneSpelling(String typed, String canonical) {
    assertThat(new IpAddress(typed).text()).isEqualTo(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.2.3",
        "1.2.3.4.5",
        "256.1.1.1",
        "01.2.3.4",
        "1.2.3.4 ",
        "localhost",
        "1.2.3.4\n",
        ":::",
        "2001:db8::1%eth0",
        "::ffff:1.2.3.4",
        "12345::",
        "-1.2.3.4",
        "1.2.3.4;id",
        "::1/64"
      })
  void address_refusesWhatIsNone(String typed) {
    assertThatThrownBy(() -> new IpAddress(typed))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_IP));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, 10.0.0.1",
    "10.0.0.1/32, 10.0.0.1",
    "10.0.0.1/24, 10.0.0.1/24",
    "10.0.0.1/255.255.255.0, 10.0.0.1/24",
    "fd00::1/64, fd00::1/64",
    "fd00::1/128, fd00::1",
  })
  void guestAddress_isReadAndWritten(String typed, String written) {
    assertThat(GuestAddress.parse(typed)).hasToString(written);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1/0",
        "10.0.0.1/33",
        "10.0.0.1/",
        "10.0.0.1/x",
        "10.0.0.1/255.0.255.0",
        "fd00::1/129",
        "127.0.0.1",
        "0.0.0.0",
        "::",
        "::1",
        "224.0.0.1",
        "255.255.255.255",
        "169.254.0.1",
        "fe80::1",
        "ff02::1",
        "0.1.2.3",
        "240.0.0.1"
      })
  void guestAddress_refusesWhatNoContainerCanHave(String typed) {
    assertThatThrownBy(() -> GuestAddress.parse(typed))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_IP));
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.1, true", "172.16.0.1, true", "172.32.0.1, false", "192.168.1.1, true",
    "100.64.0.1, true", "100.128.0.1, false", "192.0.2.1, false", "fd00::1, true",
    "2001:db8::1, false"
  })
  void privateRanges(String address, boolean isPrivate) {
    assertThat(new IpAddress(address).isPrivate()).isEqualTo(isPrivate);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"8080:80", "192.0.2.1:53:53/udp", "[2001:db8::1]:443:8443", "65535:1/udp"})
  void port_isReadAndWritten(String text) {
    assertThat(PublishedPort.parse(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "0:80", "80:0", "65536:80", "80:80/sctp", "x:80:80", "80:80:80:80"})
  void port_refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> PublishedPort.parse(text)).isInstanceOf(LaminaException.class);
  }

  @Test
  void ports_collideWithTheWildcard() {
    PublishedPort any = PublishedPort.parse("80:80");
    assertThat(any.collidesWith(PublishedPort.parse("192.0.2.1:80:81"))).isTrue();
    assertThat(any.collidesWith(PublishedPort.parse("80:80/udp"))).isFalse();
    assertThat(
            PublishedPort.parse("192.0.2.1:80:80")
                .collidesWith(PublishedPort.parse("192.0.2.2:80:80")))
        .isFalse();
  }

  @Test
  void config_goesThroughItsKeys() {
    Map<String, String> keys =
        Map.of(
            "IP_ADDRESS", "10.0.0.1/24 fd00::1",
            "NAMESERVER", "9.9.9.9 2620:fe::fe",
            "SEARCHDOMAIN", "example.com",
            "LAMINA_PUBLISH", "8080:80 53:53/udp",
            "RATE", "*:1:1024");
    NetworkConfig config = NetworkConfig.read(k -> Optional.ofNullable(keys.get(k)));
    assertThat(config.toKeys()).isEqualTo(keys);
    assertThat(config.first(true)).contains(new IpAddress("fd00::1"));
  }

  @Test
  void openVzWildcards_meanNothing() {
    assertThat(NetworkConfig.read(k -> Optional.of("0.0.0.0").filter(v -> k.equals("IP_ADDRESS"))))
        .isEqualTo(NetworkConfig.NONE);
  }

  @Test
  void inherit_standsAlone() {
    assertThat(config(List.of("inherit")).nameservers()).containsExactly("inherit");
    assertThatThrownBy(() -> config(List.of("inherit", "9.9.9.9")))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_NAMESERVER));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "-x.com", "x..com", "x.com\nnameserver 1.1.1.1", "a/b", ""})
  void searchDomain_refusesWhatIsNone(String domain) {
    assertThatThrownBy(() ->
            new NetworkConfig(List.of(), List.of(), List.of(domain), List.of(), TrafficRate.NONE))
        .isInstanceOfSatisfying(
            LaminaException.class,
            e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_SEARCHDOMAIN));
  }

  @Test
  void change_deletesBeforeItAdds() {
    NetworkConfig old = addresses("10.0.0.1", "10.0.0.2");
    assertThat(change(true, List.of(), List.of("10.0.0.3")).apply(old, ID))
        .isEqualTo(addresses("10.0.0.3"));
    assertThat(change(false, List.of("10.0.0.1"), List.of("10.0.0.2", "fd00::1")).apply(old, ID))
        .isEqualTo(addresses("10.0.0.2", "fd00::1"));
    assertThat(change(false, List.of(), List.of("10.0.0.2/24")).apply(old, ID))
        .isEqualTo(addresses("10.0.0.1", "10.0.0.2/24"));
  }

  @Test
  void newPort_needsAnAddressItLeadsTo() {
    NetworkChange publish =
        new NetworkChange(
            false,
            List.of(),
            List.of(),
            null,
            null,
            false,
            List.of(),
            List.of(PublishedPort.parse("80:80")),
            null);
    assertThatThrownBy(() -> publish.apply(NetworkConfig.NONE, ID)).hasMessageContaining("nowhere");
    assertThat(publish.apply(addresses("10.0.0.1"), ID).ports()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"1024, 1024", "*:1:512, 512", "eth0:2:8, 8", "0, 0"})
  void rate_isReadInBothForms(String text, long kbit) {
    assertThat(TrafficRate.parse(text).kbit()).isEqualTo(kbit);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "-1", "1M", "100000001", "eth0:1024", "a:b:1", "99999999999"})
  void rate_refusesWhatIsNone(String text) {
    assertThatThrownBy(() -> TrafficRate.parse(text)).isInstanceOf(LaminaException.class);
  }

  private static NetworkConfig config(List<String> nameservers) {
    return new NetworkConfig(List.of(), nameservers, List.of(), List.of(), TrafficRate.NONE);
  }

  private static NetworkConfig addresses(String... texts) {
    return new NetworkConfig(
        List.of(texts).stream().map(GuestAddress::parse).toList(),
        List.of(),
        List.of(),
        List.of(),
        TrafficRate.NONE);
  }

  private static NetworkChange change(boolean all, List<String> deleted, List<String> added) {
    return new NetworkChange(
        all,
        deleted.stream().map(IpAddress::new).toList(),
        added.stream().map(GuestAddress::parse).toList(),
        null,
        null,
        false,
        List.of(),
        List.of(),
        null);
  }
}
