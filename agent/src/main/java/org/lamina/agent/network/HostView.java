package org.lamina.agent.network;

import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.lamina.agent.Traffic;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;

/**
 * Looks at the network namespace this program runs in, through {@code /proc}: {@code /sys} shows
 * that of whoever mounted it.
 *
 * @param devices {@code detect} for interfaces with a default route, {@code all}, or {@code
 *     list:eth0 eth1}
 */
record HostView(String devices) {
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
      there.removeIf(name -> name.matches("veth?[0-9]+\\.0"));
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
  void requireNotOurs(Set<IpAddress> addresses) {
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
