package org.lamina.agent.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.agent.Traffic;
import org.lamina.schema.AddressRange;

/** Reads the kernel's tables below {@code /proc/PID/net}; pure functions of their texts. */
final class RoutingTables {
  private static final String ZERO4 = "00000000";
  private static final String ZERO6 = ZERO4.repeat(4);

  private RoutingTables() {}

  /** Interfaces with a default route, in the order of the tables. */
  static List<String> defaultInterfaces(String route, String ipv6Route) {
    Set<String> names = new LinkedHashSet<>();
    for (List<String> f : rows(route, 8)) {
      if (f.get(1).equals(ZERO4) && f.get(7).equals(ZERO4)) {
        names.add(f.getFirst());
      }
    }
    for (List<String> f : rows(ipv6Route, 10)) {
      if (f.get(0).equals(ZERO6) && f.get(1).equals("00") && !f.get(9).equals("lo")) {
        names.add(f.get(9));
      }
    }
    return new ArrayList<>(names);
  }

  /** Networks that routes lead to, default routes and links' own prefixes aside. */
  static List<AddressRange> destinations(String route, String ipv6Route) {
    List<AddressRange> all = new ArrayList<>();
    for (List<String> f : rows(route, 8)) {
      if (f.get(7).matches("[0-9A-F]{8}") && !f.get(7).equals(ZERO4)) {
        int mask = Integer.reverseBytes(Integer.parseUnsignedInt(f.get(7), 16));
        all.add(AddressRange.around(address(swapped(f.get(1))), Integer.bitCount(mask)));
      }
    }
    for (List<String> f : rows(ipv6Route, 10)) {
      int length = Integer.parseInt(f.get(1), 16);
      // Not multicast and link-local networks, nor the host's own addresses.
      if (length > 0 && length < 128 && !f.getFirst().matches("f[ef].*")) {
        all.add(AddressRange.around(address(f.getFirst()), length));
      }
    }
    return all;
  }

  /** The kernel prints IPv4 addresses as numbers of the machine's own order. */
  private static String swapped(String hex) {
    return HexFormat.of()
        .withUpperCase()
        .toHexDigits(Integer.reverseBytes(Integer.parseUnsignedInt(hex, 16)));
  }

  private static InetAddress address(String hex) {
    try {
      return InetAddress.getByAddress(HexFormat.of().parseHex(hex));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Every interface of a {@code /proc/PID/net/dev} with what went through it, as it counts. */
  static Map<String, Traffic> devices(String dev) {
    Map<String, Traffic> all = new HashMap<>();
    dev.lines()
        .forEach(line -> {
          int colon = line.lastIndexOf(':');
          if (colon > 0) {
            List<String> f = List.of(line.substring(colon + 1).strip().split("\\s+"));
            traffic(f).ifPresent(t -> all.put(line.substring(0, colon).strip(), t));
          }
        });
    return all;
  }

  private static Optional<Traffic> traffic(List<String> f) {
    return f.size() < 10
        ? Optional.empty()
        : Optional.of(
            new Traffic(
                Long.parseUnsignedLong(f.get(0)),
                Long.parseUnsignedLong(f.get(1)),
                Long.parseUnsignedLong(f.get(8)),
                Long.parseUnsignedLong(f.get(9))));
  }

  private static List<List<String>> rows(String text, int atLeast) {
    return text.lines()
        .map(line -> List.of(line.strip().split("\\s+")))
        .filter(fields -> fields.size() >= atLeast)
        .toList();
  }
}
