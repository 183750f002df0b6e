package org.lamina.agent.network;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.IpAddress;
import org.lamina.schema.PublishedPort;
import org.lamina.schema.TrafficRate;

/**
 * One element of a set or map of one of the packet filter's tables.
 *
 * @param family of the table
 * @param value null for sets
 */
record Element(String family, String set, String key, @Nullable String value) {
  /** One of the table of routed packets. */
  Element(String set, String key, @Nullable String value) {
    this("inet", set, key, value);
  }

  /** One of the table of bridged frames. */
  static Element bridged(String set, String key, @Nullable String value) {
    return new Element("bridge", set, key, value);
  }

  static Element guest(Link link) {
    return new Element("guests", quoted(link.host()), null);
  }

  static Element drops(Link link) {
    return new Element("drops", quoted(link.host()), quoted(link.counter()));
  }

  static Element hardware(Link link) {
    return new Element("links", quoted(link.host()) + " . " + link.guestMac(), null);
  }

  /** The container may send from this address. */
  static Element source(Link link, IpAddress address) {
    return new Element(
        address.isV6() ? "guest6" : "guest4",
        quoted(link.host()) + " . " + link.guestMac() + " . " + address,
        null);
  }

  static Element masqueraded(IpAddress address) {
    return new Element(address.isV6() ? "private6" : "private4", address.text(), null);
  }

  /** The container reaches itself through a port of the host, with the host's address. */
  static Element hairpin(IpAddress from, IpAddress target) {
    return new Element(target.isV6() ? "hairpin6" : "hairpin4", from + " . " + target, null);
  }

  /** Neighbours on the target's own bridge come to it with the host's address. */
  static Element turned(String bridge, IpAddress target) {
    String name = quoted(bridge);
    return new Element(
        target.isV6() ? "turned6" : "turned4", name + " . " + name + " . " + target, null);
  }

  /** What it sends beyond its rate is dropped. */
  static Element upload(Link link, TrafficRate rate) {
    return new Element("upload", quoted(link.host()), quoted(limit(link, rate)));
  }

  /** Name of the limit; another rate is another object, so that both can be in one transaction. */
  static String limit(Link link, TrafficRate rate) {
    return "up" + link.ctid() + "-" + rate.kbit();
  }

  static Element uplink(String name) {
    return new Element("uplinks", quoted(name), null);
  }

  static Element published(PublishedPort port, IpAddress target) {
    String key = port.protocol().name().toLowerCase(Locale.ROOT) + " . " + port.hostPort();
    IpAddress at = port.address();
    return new Element(
        "publish" + (target.isV6() ? "6" : "4") + (at == null ? "" : "at"),
        at == null ? key : at + " . " + key,
        target + " . " + port.port());
  }

  static String quoted(String name) {
    return "\"" + name + "\"";
  }

  String added(String table) {
    return "add element "
        + family
        + " "
        + table
        + " "
        + set
        + " { "
        + key
        + (value == null ? "" : " : " + value)
        + " }\n";
  }

  String deleted(String table) {
    return "delete element " + family + " " + table + " " + set + " { " + key + " }\n";
  }
}
