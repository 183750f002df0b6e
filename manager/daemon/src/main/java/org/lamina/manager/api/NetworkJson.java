package org.lamina.manager.api;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Traffic;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.IpAddress;
import org.lamina.schema.NetifChange;
import org.lamina.schema.NetworkChange;
import org.lamina.schema.NetworkConfig;
import org.lamina.schema.PoolRequest;
import org.lamina.schema.PublishedPort;
import org.lamina.schema.TrafficRate;

/**
 * A container's network in the API: what holds now where it runs, what is saved elsewhere.
 *
 * @param addresses such as {@code 10.0.0.1} or {@code 10.0.0.1/24}
 * @param ports {@code [ADDRESS:]HOSTPORT:PORT[/udp]}
 * @param rateKbit kilobits per second each way, 0 for no limit
 * @param interfaces bridged ones
 * @param devices interfaces of the host that are moved in
 * @param traffic as the container sees it since it was connected; null without an address
 */
public record NetworkJson(
    List<String> addresses,
    List<String> nameservers,
    List<String> searchDomains,
    List<String> ports,
    long rateKbit,
    List<NetifJson> interfaces,
    List<String> devices,
    @Nullable Traffic traffic) {

  static NetworkJson of(ContainerView view) {
    ContainerView.NetworkView now = view.network();
    NetworkConfig config = now == null ? view.container().network() : now.config();
    return new NetworkJson(
        texts(config.addresses()),
        config.nameservers(),
        config.searchDomains(),
        texts(config.ports()),
        config.rate().kbit(),
        config.interfaces().stream().map(NetifJson::of).toList(),
        config.devices(),
        now == null ? null : now.traffic());
  }

  private static List<String> texts(List<?> values) {
    return values.stream().map(Object::toString).toList();
  }

  /** What to change; null leaves a list as it is. What goes goes before what comes. */
  public record ChangeJson(
      @Nullable Boolean deleteAllAddresses,
      @Nullable List<String> deleteAddresses,
      @Nullable List<String> addAddresses,
      @Nullable List<String> nameservers,
      @Nullable List<String> searchDomains,
      @Nullable Boolean withdrawAllPorts,
      @Nullable List<String> withdrawPorts,
      @Nullable List<String> publishPorts,
      @Nullable Long rateKbit,
      @Nullable Boolean deleteAllInterfaces,
      @Nullable List<String> deleteInterfaces,
      @Nullable List<String> addInterfaces,
      @Nullable List<NetifJson.EditJson> editInterfaces,
      @Nullable Boolean returnAllDevices,
      @Nullable List<String> returnDevices,
      @Nullable List<String> takeDevices,
      @Nullable Boolean skipArpDetect) {

    static NetworkChange toChange(@Nullable ChangeJson json) {
      return json == null
          ? NetworkChange.NONE
          : new NetworkChange(
              Boolean.TRUE.equals(json.deleteAllAddresses),
              list(json.deleteAddresses).stream().map(IpAddress::new).toList(),
              fixed(json.addAddresses),
              json.nameservers,
              json.searchDomains,
              Boolean.TRUE.equals(json.withdrawAllPorts),
              list(json.withdrawPorts).stream().map(PublishedPort::parse).toList(),
              list(json.publishPorts).stream().map(PublishedPort::parse).toList(),
              json.rateKbit == null ? null : new TrafficRate(json.rateKbit),
              new NetifChange(
                  Boolean.TRUE.equals(json.deleteAllInterfaces),
                  list(json.deleteInterfaces),
                  list(json.addInterfaces).stream().map(NetifChange.Addition::parse).toList(),
                  (json.editInterfaces == null
                          ? List.<NetifJson.EditJson>of()
                          : json.editInterfaces)
                      .stream().map(NetifJson.EditJson::toEdit).toList(),
                  Boolean.TRUE.equals(json.returnAllDevices),
                  list(json.returnDevices),
                  list(json.takeDevices)),
              chosen(json.addAddresses),
              Boolean.TRUE.equals(json.skipArpDetect));
    }

    static List<GuestAddress> fixed(@Nullable List<String> given) {
      return list(given).stream()
          .filter(w -> PoolRequest.parse(w).isEmpty())
          .map(GuestAddress::parse)
          .toList();
    }

    static List<PoolRequest> chosen(@Nullable List<String> given) {
      return list(given).stream().flatMap(w -> PoolRequest.parse(w).stream()).toList();
    }

    static List<String> list(@Nullable List<String> given) {
      return given == null ? List.of() : given;
    }
  }
}
