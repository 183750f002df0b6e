package org.lamina.agent.network;

import java.io.IOException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Traffic;
import org.lamina.schema.AddressRange;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Netif;
import org.lamina.schema.NetworkConfig;

/**
 * Looks at the network namespace this program runs in, through {@code /proc}: {@code /sys} shows
 * that of whoever mounted it.
 *
 * @param tools for interfaces that the JDK does not know
 * @param devices {@code detect} for interfaces with a default route, {@code all}, or {@code
 *     list:eth0 eth1}
 */
record HostView(Tools tools, String devices) {
  private static final Path NET = Path.of("/proc/self/net");

  Surroundings surroundings() {
    List<Surroundings.Uplink> uplinks = uplinkNames().stream().map(HostView::uplink).toList();
    int mtu = uplinks.stream().mapToInt(u -> mtu(u.name())).min().orElse(Surroundings.USUAL_MTU);
    return new Surroundings(uplinks, mtu);
  }

  private List<String> uplinkNames() {
    if (devices.equals("detect")) {
      return RoutingTables.defaultInterfaces(read("route"), read("ipv6_route"));
    }
    TreeSet<String> there = new TreeSet<>(counters().keySet());
    there.remove("lo");
    if (devices.equals("all")) {
      there.removeIf(name -> name.matches("veth?[0-9]+\\.[0-9]+"));
    } else {
      there.retainAll(Arrays.asList(devices.substring("list:".length()).split("\\s+")));
    }
    return List.copyOf(there);
  }

  private static Surroundings.Uplink uplink(String name) {
    try {
      NetworkInterface device = NetworkInterface.getByName(name);
      return new Surroundings.Uplink(
          name,
          device == null
              ? List.of()
              : device.getInterfaceAddresses().stream()
                  .map(a -> new Surroundings.Network(a.getAddress(), a.getNetworkPrefixLength()))
                  .toList());
    } catch (SocketException e) {
      return new Surroundings.Uplink(name, List.of());
    }
  }

  /**
   * @throws LaminaException IP_IN_USE if the host itself has an address
   */
  void requireNotOurs(Collection<IpAddress> addresses) {
    for (IpAddress address : addresses) {
      try {
        NetworkInterface device = NetworkInterface.getByInetAddress(address.inet());
        if (device != null) {
          throw new LaminaException(
              ExitCode.IP_IN_USE,
              "the address " + address + " is this host's own, on " + device.getName());
        }
      } catch (SocketException e) {
        throw new LaminaException(
            ExitCode.CANNOT_ADD_IP, "cannot read the host's addresses: " + e.getMessage(), null, e);
      }
    }
  }

  /**
   * Whether the bridges are there that interfaces are newly connected to.
   *
   * @throws LaminaException VETH_FAILED
   */
  void requireBridges(NetworkConfig old, NetworkConfig next) {
    for (Netif n : next.interfaces()) {
      String bridge = n.bridge();
      if (bridge != null && !old.interfaces().contains(n) && mtuOf(bridge) == null) {
        throw new LaminaException(
            ExitCode.VETH_FAILED,
            "the host has no bridge " + bridge + " for interface " + n.name(),
            "Make it (ip link add " + bridge + " type bridge), or see: lamina network show");
      }
    }
  }

  /**
   * Whether interfaces of the host may be moved that were not before.
   *
   * @throws LaminaException NETDEV_FAILED
   */
  void requireMovable(NetworkConfig old, NetworkConfig next, Surroundings surroundings) {
    for (String name : next.devices()) {
      if (old.devices().contains(name)) {
        continue;
      }
      if (mtuOf(name) == null) {
        throw new LaminaException(
            ExitCode.NETDEV_FAILED,
            "the host has no interface " + name,
            "It may be in another container, or not be plugged in: ip link");
      }
      if (surroundings.uplinks().stream().anyMatch(u -> u.name().equals(name))) {
        throw new LaminaException(
            ExitCode.NETDEV_FAILED,
            "the interface " + name + " leads this host outside",
            "The host would be cut off without it; move another one.");
      }
    }
  }

  /** MTU of an interface; null for none of that name. */
  @Nullable Integer mtuOf(String name) {
    return tools.device(name).map(Tools.Device::mtu).orElse(null);
  }

  /** Networks that the host is in or has routes to, default routes aside. */
  List<AddressRange> networks() {
    List<AddressRange> all =
        new ArrayList<>(RoutingTables.destinations(read("route"), read("ipv6_route")));
    try {
      for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        for (InterfaceAddress a : device.getInterfaceAddresses()) {
          if (a.getNetworkPrefixLength() > 0) {
            all.add(AddressRange.around(a.getAddress(), a.getNetworkPrefixLength()));
          }
        }
      }
    } catch (SocketException e) {
      return all;
    }
    return all;
  }

  private static int mtu(String name) {
    try {
      NetworkInterface device = NetworkInterface.getByName(name);
      return device == null ? Surroundings.USUAL_MTU : device.getMTU();
    } catch (SocketException e) {
      return Surroundings.USUAL_MTU;
    }
  }

  /** Every interface with what went through it. */
  Map<String, Traffic> counters() {
    return RoutingTables.devices(read("dev"));
  }

  private static String read(String file) {
    try {
      return Files.readString(NET.resolve(file));
    } catch (IOException e) {
      // No IPv6 in this kernel, for example.
      return "";
    }
  }
}
