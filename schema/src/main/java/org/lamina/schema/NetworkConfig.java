package org.lamina.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The network of one container.
 *
 * @param addresses each once, in the operator's order; without any the container has loopback only
 * @param nameservers addresses, or {@link #INHERIT} alone; empty leaves the inside as it is
 * @param searchDomains likewise
 * @param ports of the host that lead to the container; only with an address
 * @param rate of everything it receives on an interface, and likewise of what it sends
 * @param interfaces bridged ones, each name once
 * @param devices interfaces of the host that are moved in
 */
public record NetworkConfig(
    List<GuestAddress> addresses,
    List<String> nameservers,
    List<String> searchDomains,
    List<PublishedPort> ports,
    TrafficRate rate,
    List<Netif> interfaces,
    List<String> devices) {
  /** Takes what the host itself uses. */
  public static final String INHERIT = "inherit";

  public static final NetworkConfig NONE =
      new NetworkConfig(List.of(), List.of(), List.of(), List.of(), TrafficRate.NONE);

  /** Keys of configuration files that this value is written to. */
  public static final Set<String> KEYS =
      Set.of(
          "IP_ADDRESS", "NAMESERVER", "SEARCHDOMAIN", "LAMINA_PUBLISH", "RATE", "NETIF", "NETDEV");

  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
              + "(?:\\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\.?");
  private static final int MOST_ADDRESSES = 1024;
  private static final int MOST_NAMES = 16;
  private static final int MOST_INTERFACES = 64;

  /**
   * @throws LaminaException BAD_IP, BAD_NAMESERVER, BAD_SEARCHDOMAIN
   */
  public NetworkConfig {
    addresses = List.copyOf(addresses);
    searchDomains = List.copyOf(searchDomains);
    ports = List.copyOf(ports);
    interfaces = List.copyOf(interfaces);
    devices = List.copyOf(devices);
    requireInterfaces(interfaces, devices);
    nameservers =
        nameservers.equals(List.of(INHERIT))
            ? List.copyOf(nameservers)
            : nameservers.stream().map(NetworkConfig::nameserver).toList();
    if (Stream.concat(
                addresses.stream().map(GuestAddress::address),
                interfaces.stream().flatMap(n -> n.owned().stream()))
            .distinct()
            .count()
        < addresses.size() + interfaces.stream().mapToInt(n -> n.owned().size()).sum()) {
      throw new LaminaException(ExitCode.BAD_IP, "an address is given twice");
    }
    if (addresses.size() > MOST_ADDRESSES || ports.size() > MOST_ADDRESSES) {
      throw new LaminaException(
          ExitCode.BAD_IP, "more than " + MOST_ADDRESSES + " addresses or ports");
    }
    if (nameservers.size() > MOST_NAMES || searchDomains.size() > MOST_NAMES) {
      throw new LaminaException(
          ExitCode.BAD_NAMESERVER, "more than " + MOST_NAMES + " name servers or domains");
    }
    for (int i = 0; i < ports.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (ports.get(i).collidesWith(ports.get(j))) {
          throw new LaminaException(
              ExitCode.BAD_IP, "ports " + ports.get(j) + " and " + ports.get(i) + " collide");
        }
      }
    }
    if (!searchDomains.equals(List.of(INHERIT))) {
      searchDomains.forEach(NetworkConfig::requireDomain);
    }
  }

  /** One without interfaces other than the routed one. */
  public NetworkConfig(
      List<GuestAddress> addresses,
      List<String> nameservers,
      List<String> searchDomains,
      List<PublishedPort> ports,
      TrafficRate rate) {
    this(addresses, nameservers, searchDomains, ports, rate, List.of(), List.of());
  }

  private static void requireInterfaces(List<Netif> interfaces, List<String> devices) {
    if (interfaces.size() + devices.size() > MOST_INTERFACES) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "more than " + MOST_INTERFACES + " interfaces");
    }
    devices.forEach(name -> InterfaceName.check(name, "an interface of the host"));
    requireOnce(interfaces.stream().map(Netif::hostName).toList());
    requireOnce(Stream.concat(interfaces.stream().map(Netif::name), devices.stream()).toList());
    requireOnce(
        interfaces.stream().flatMap(n -> Stream.of(n.mac().text(), n.hostMac().text())).toList());
  }

  private static void requireOnce(List<String> words) {
    Set<String> seen = new HashSet<>();
    for (String word : words) {
      if (!seen.add(word)) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER, word + " is given to two interfaces of the container");
      }
    }
  }

  private static String nameserver(String text) {
    try {
      return new IpAddress(text).text();
    } catch (LaminaException e) {
      throw new LaminaException(
          ExitCode.BAD_NAMESERVER,
          "bad name server \"" + Printable.shorten(text, 60) + "\"",
          "Write an IP address, or inherit alone.",
          e);
    }
  }

  private static void requireDomain(String text) {
    if (!DOMAIN.matcher(text).matches()) {
      throw new LaminaException(
          ExitCode.BAD_SEARCHDOMAIN,
          "bad search domain \"" + Printable.shorten(text, 60) + "\"",
          "Write a domain such as example.com, or inherit alone.");
    }
  }

  /** Whether it has the routed link, and so an address of its own on the host. */
  public boolean isConnected() {
    return !addresses.isEmpty();
  }

  /** Every address that is known to be the container's, on whatever interface. */
  public List<IpAddress> owned() {
    List<IpAddress> all = new ArrayList<>(addresses.stream().map(GuestAddress::address).toList());
    interfaces.forEach(n -> all.addAll(n.owned()));
    return all;
  }

  /** This network with other bridged interfaces. */
  public NetworkConfig withInterfaces(List<Netif> others) {
    return new NetworkConfig(addresses, nameservers, searchDomains, ports, rate, others, devices);
  }

  /** First address of a family, routed ones before others: where published ports lead. */
  public Optional<IpAddress> first(boolean v6) {
    return owned().stream().filter(a -> a.isV6() == v6).findFirst();
  }

  /** As configuration files keep it; keys without a value are left out. */
  public Map<String, String> toKeys() {
    Map<String, String> keys = new LinkedHashMap<>();
    put(keys, "IP_ADDRESS", addresses);
    put(keys, "NAMESERVER", nameservers);
    put(keys, "SEARCHDOMAIN", searchDomains);
    put(keys, "LAMINA_PUBLISH", ports);
    if (rate.isLimited()) {
      keys.put("RATE", rate.toString());
    }
    if (!interfaces.isEmpty()) {
      keys.put("NETIF", interfaces.stream().map(Netif::toString).collect(Collectors.joining(";")));
    }
    put(keys, "NETDEV", devices);
    return keys;
  }

  private static void put(Map<String, String> keys, String key, List<?> values) {
    if (!values.isEmpty()) {
      keys.put(key, values.stream().map(Object::toString).collect(Collectors.joining(" ")));
    }
  }

  /**
   * Reads what {@link #toKeys} wrote, or OpenVZ: {@code 0.0.0.0} and {@code ::} mean nothing.
   *
   * @throws LaminaException BAD_IP, BAD_NAMESERVER, BAD_SEARCHDOMAIN
   */
  public static NetworkConfig read(Function<String, Optional<String>> keys) {
    return read(keys, null);
  }

  /**
   * The same, where interfaces may lack names and hardware addresses.
   *
   * @param identity gives them
   */
  public static NetworkConfig read(
      Function<String, Optional<String>> keys, @Nullable InterfaceIdentity identity) {
    List<GuestAddress> addresses = new ArrayList<>();
    for (String word : words(keys, "IP_ADDRESS")) {
      if (!word.equals("0.0.0.0") && !word.equals("::")) {
        addresses.add(GuestAddress.parse(word));
      }
    }
    return new NetworkConfig(
        addresses,
        words(keys, "NAMESERVER"),
        words(keys, "SEARCHDOMAIN"),
        words(keys, "LAMINA_PUBLISH").stream().map(PublishedPort::parse).toList(),
        words(keys, "RATE").stream().findFirst().map(TrafficRate::parse).orElse(TrafficRate.NONE),
        Netif.parseAll(keys.apply("NETIF").orElse(""), identity),
        words(keys, "NETDEV"));
  }

  private static List<String> words(Function<String, Optional<String>> keys, String key) {
    return Arrays.stream(keys.apply(key).orElse("").strip().split("\\s+"))
        .filter(word -> !word.isEmpty())
        .distinct()
        .toList();
  }
}
