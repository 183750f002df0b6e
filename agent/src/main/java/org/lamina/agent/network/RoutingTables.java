package org.lamina.agent.network;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.lamina.agent.Traffic;

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
