package org.lamina.manager.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.IpAddress;
import org.lamina.schema.MacAddress;
import org.lamina.schema.Netif;
import org.lamina.schema.NetifChange;

/**
 * A bridged interface in the API.
 *
 * @param lease the address it is given by DHCP on a network of Lamina's
 * @param lease6 likewise
 */
public record NetifJson(
    String name,
    String mac,
    String hostName,
    String hostMac,
    @Nullable String bridge,
    boolean macFilter,
    List<String> addresses,
    @Nullable String gateway,
    @Nullable String gateway6,
    boolean dhcp,
    boolean dhcp6,
    @Nullable String lease,
    @Nullable String lease6) {

  static NetifJson of(Netif n) {
    return new NetifJson(
        n.name(),
        n.mac().text(),
        n.hostName(),
        n.hostMac().text(),
        n.bridge(),
        n.macFilter(),
        n.addresses().stream().map(Object::toString).toList(),
        text(n.gateway4()),
        text(n.gateway6()),
        n.dhcp4(),
        n.dhcp6(),
        text(n.lease()),
        text(n.lease6()));
  }

  private static @Nullable String text(@Nullable IpAddress address) {
    return address == null ? null : address.text();
  }

  /**
   * What becomes different; null leaves it, an empty bridge or gateway takes it away.
   *
   * @param addAddresses addresses with their length, {@code auto}, {@code auto6} or {@code
   *     auto:POOL}
   */
  public record EditJson(
      String name,
      @Nullable String mac,
      @Nullable String hostName,
      @Nullable String hostMac,
      @Nullable String bridge,
      @Nullable Boolean macFilter,
      @Nullable Boolean deleteAllAddresses,
      @Nullable List<String> deleteAddresses,
      @Nullable List<String> addAddresses,
      @Nullable String gateway,
      @Nullable String gateway6,
      @Nullable Boolean dhcp,
      @Nullable Boolean dhcp6) {

    NetifChange.Edit toEdit() {
      return new NetifChange.Edit(
          name == null ? "" : name,
          mac == null ? null : new MacAddress(mac),
          hostName,
          hostMac == null ? null : new MacAddress(hostMac),
          bridge,
          macFilter,
          Boolean.TRUE.equals(deleteAllAddresses),
          NetworkJson.ChangeJson.list(deleteAddresses).stream().map(IpAddress::new).toList(),
          NetworkJson.ChangeJson.fixed(addAddresses),
          NetworkJson.ChangeJson.chosen(addAddresses),
          gateway,
          gateway6,
          dhcp,
          dhcp6);
    }
  }
}
