package org.lamina.manager.core;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.IpAddress;
import org.lamina.schema.Netif;
import org.lamina.schema.NetworkChange;
import org.lamina.schema.NetworkConfig;
import org.lamina.schema.PublishedPort;

/** What an operator is told about a container's network. */
final class NetworkTexts {
  private NetworkTexts() {}

  /** Progress lines, in the words that scripts know. */
  static List<String> change(NetworkConfig old, NetworkConfig next) {
    List<String> lines = new ArrayList<>();
    line(lines, "Deleting IP address(es): ", without(old.addresses(), next.addresses()));
    line(lines, "Adding IP address(es): ", without(next.addresses(), old.addresses()));
    line(lines, "Deleting interface(s): ", without(names(old), names(next)));
    line(lines, "Adding interface(s): ", without(names(next), names(old)));
    line(lines, "Configuring interface(s): ", changed(old, next));
    line(lines, "Giving back host interface(s): ", without(old.devices(), next.devices()));
    line(lines, "Taking host interface(s): ", without(next.devices(), old.devices()));
    line(lines, "Withdrawing port(s): ", without(old.ports(), next.ports()));
    line(lines, "Publishing port(s): ", without(next.ports(), old.ports()));
    if (!old.rate().equals(next.rate())) {
      lines.add(
          next.rate().isLimited()
              ? "Setting traffic rate: " + next.rate().kbit() + " kbit/s"
              : "Removing traffic rate");
    }
    if (!old.nameservers().equals(next.nameservers())
        || !old.searchDomains().equals(next.searchDomains())) {
      lines.add("Setting name servers and search domains");
    }
    return lines;
  }

  /** Warnings about what was to be taken away and is not there. */
  static List<String> unknown(NetworkChange asked, NetworkConfig now) {
    List<String> lines = new ArrayList<>();
    List<IpAddress> has = now.addresses().stream().map(GuestAddress::address).toList();
    for (IpAddress address : without(asked.deleted(), has)) {
      lines.add("the container has no address " + address);
    }
    for (String name : without(asked.interfaces().deleted(), names(now))) {
      lines.add("the container has no interface " + name);
    }
    for (String name : without(asked.interfaces().returned(), now.devices())) {
      lines.add("the container has no host interface " + name);
    }
    for (PublishedPort port : without(asked.withdrawn(), now.ports())) {
      lines.add("the container has no port " + port);
    }
    return lines;
  }

  private static List<String> names(NetworkConfig network) {
    return network.interfaces().stream().map(Netif::name).toList();
  }

  private static List<String> changed(NetworkConfig old, NetworkConfig next) {
    List<String> before = names(old);
    return next.interfaces().stream()
        .filter(n -> before.contains(n.name()) && !old.interfaces().contains(n))
        .map(Netif::name)
        .toList();
  }

  private static void line(List<String> lines, String head, List<?> values) {
    if (!values.isEmpty()) {
      lines.add(head + values.stream().map(Object::toString).collect(Collectors.joining(" ")));
    }
  }

  private static <T> List<T> without(List<T> all, List<T> others) {
    return all.stream().filter(x -> !others.contains(x)).toList();
  }
}
