package org.lamina.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The network of one container.
 *
 * @param addresses each once, in the operator's order; without any the container has loopback only
 * @param nameservers addresses, or {@link #INHERIT} alone; empty leaves the inside as it is
 * @param searchDomains likewise
 * @param ports of the host that lead to the container; only with an address
 * @param rate of everything it receives, and likewise of what it sends
 */
public record NetworkConfig(
    List<GuestAddress> addresses,
    List<String> nameservers,
    List<String> searchDomains,
    List<PublishedPort> ports,
    TrafficRate rate) {
  /** Takes what the host itself uses. */
  public static final String INHERIT = "inherit";

  public static final NetworkConfig NONE =
      new NetworkConfig(List.of(), List.of(), List.of(), List.of(), TrafficRate.NONE);

  /** Keys of configuration files that this value is written to. */
  public static final Set<String> KEYS =
      Set.of("IP_ADDRESS", "NAMESERVER", "SEARCHDOMAIN", "LAMINA_PUBLISH", "RATE");

  private static final Pattern DOMAIN =
      Pattern.compile(
          "(?=.{1,253}$)[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
              + "(?:\\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\\.?");
  private static final int MOST_ADDRESSES = 1024;
  private static final int MOST_NAMES = 16;

  /**
   * @throws LaminaException BAD_IP, BAD_NAMESERVER, BAD_SEARCHDOMAIN
   */
  public NetworkConfig {
    addresses = List.copyOf(addresses);
    searchDomains = List.copyOf(searchDomains);
    ports = List.copyOf(ports);
    nameservers =
        nameservers.equals(List.of(INHERIT))
            ? List.copyOf(nameservers)
            : nameservers.stream().map(NetworkConfig::nameserver).toList();
    if (addresses.stream().map(GuestAddress::address).distinct().count() < addresses.size()) {
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

  /** Whether there is anything for the outside to reach. */
  public boolean isConnected() {
    return !addresses.isEmpty();
  }

  /** First address of a family: where published ports lead. */
  public Optional<IpAddress> first(boolean v6) {
    return addresses.stream().map(GuestAddress::address).filter(a -> a.isV6() == v6).findFirst();
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
        words(keys, "RATE").stream().findFirst().map(TrafficRate::parse).orElse(TrafficRate.NONE));
  }

  private static List<String> words(Function<String, Optional<String>> keys, String key) {
    return Arrays.stream(keys.apply(key).orElse("").strip().split("\\s+"))
        .filter(word -> !word.isEmpty())
        .distinct()
        .toList();
  }
}
