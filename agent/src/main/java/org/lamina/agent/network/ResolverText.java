package org.lamina.agent.network;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.lamina.schema.NetworkConfig;

/** The text of {@code /etc/resolv.conf}. */
public final class ResolverText {
  private static final List<Path> OF_HOST =
      List.of(Path.of("/etc/resolv.conf"), Path.of("/run/systemd/resolve/resolv.conf"));

  private ResolverText() {}

  /** The host's own: the first that names a server others can reach too, or nothing. */
  public static String ofHost() {
    for (Path file : OF_HOST) {
      try {
        String text = Files.readString(file);
        if (!servers(text).isEmpty()) {
          return text;
        }
      } catch (IOException e) {
        // The next one may be there.
      }
    }
    return "";
  }

  /**
   * The text with the configured kinds of lines replaced; kinds that are not configured, options
   * and comments stay.
   *
   * @param before what the container has
   * @param host what {@code inherit} takes from
   */
  public static String merge(String before, NetworkConfig network, String host) {
    List<String> lines = new ArrayList<>(before.lines().toList());
    List<String> added = new ArrayList<>();
    if (!network.nameservers().isEmpty()) {
      lines.removeIf(line -> words(line).getFirst().equals("nameserver"));
      (inherits(network.nameservers()) ? servers(host) : network.nameservers())
          .forEach(server -> added.add("nameserver " + server));
    }
    if (!network.searchDomains().isEmpty()) {
      lines.removeIf(line -> List.of("search", "domain").contains(words(line).getFirst()));
      List<String> domains =
          inherits(network.searchDomains()) ? domains(host) : network.searchDomains();
      if (!domains.isEmpty()) {
        added.add("search " + String.join(" ", domains));
      }
    }
    lines.addAll(added);
    return String.join("\n", lines) + "\n";
  }

  private static boolean inherits(List<String> values) {
    return values.equals(List.of(NetworkConfig.INHERIT));
  }

  /** A server on the host's loopback would be the container itself inside. */
  private static List<String> servers(String text) {
    return text.lines()
        .map(ResolverText::words)
        .filter(w -> w.size() >= 2 && w.getFirst().equals("nameserver"))
        .map(w -> w.get(1))
        .filter(ResolverText::isElsewhere)
        .toList();
  }

  private static boolean isElsewhere(String address) {
    try {
      return !InetAddress.ofLiteral(address).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<String> domains(String text) {
    return text.lines()
        .map(ResolverText::words)
        .filter(w -> w.size() >= 2 && List.of("search", "domain").contains(w.getFirst()))
        .reduce((first, last) -> last)
        .map(w -> w.subList(1, w.size()))
        .orElse(List.of());
  }

  private static List<String> words(String line) {
    return Arrays.asList(line.strip().split("\\s+"));
  }
}
