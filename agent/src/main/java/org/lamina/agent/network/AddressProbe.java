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
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.schema.IpAddress;

/**
 * Asks the networks that the host is in whether somebody there has an address. The kernel itself
 * asks, by ARP and NDP, as it does before it sends; only its table of neighbours is read here.
 */
record AddressProbe(Tools tools) {
  /** A machine on a local network answers within a few milliseconds. */
  private static final int PATIENCE_MILLIS = 200;

  private static final int PAUSE_MILLIS = 5;
  private static final Path ARP = Path.of("/proc/self/net/arp");

  private record Question(IpAddress address, String device) {}

  /** Who answers first, as a phrase. */
  Optional<String> answering(Collection<IpAddress> addresses) {
    List<Question> questions = addresses.stream().flatMap(a -> devices(a).stream()).toList();
    if (questions.isEmpty()) {
      return Optional.empty();
    }
    // What the kernel remembers of somebody who may be gone is no answer.
    tools.ipLeniently(batch(questions, "neigh del %s dev %s\n"));
    tools.ipLeniently(batch(questions, "neigh replace %s dev %s nud none use\n"));
    try {
      long end = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
      do {
        Thread.sleep(PAUSE_MILLIS);
        for (Question q : questions) {
          Optional<String> mac = answer(q);
          if (mac.isPresent()) {
            return Optional.of(q.address() + " is in use on " + q.device() + " by " + mac.get());
          }
        }
      } while (System.nanoTime() < end);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      tools.ipLeniently(batch(questions, "neigh del %s dev %s\n"));
    }
  }

  private static String batch(List<Question> questions, String line) {
    StringBuilder text = new StringBuilder();
    questions.forEach(q -> text.append(line.formatted(q.address(), q.device())));
    return text.toString();
  }

  private Optional<String> answer(Question q) {
    try {
      return q.address().isV6()
          ? inNeighbours(
              tools.run("ip", "-6", "-o", "neigh", "show", "dev", q.device()).output(), q.address())
          : inArp(Files.readString(ARP), q.address(), q.device());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** The hardware address that a {@code /proc/net/arp} has for one; empty while it is not known. */
  static Optional<String> inArp(String table, IpAddress address, String device) {
    return table
        .lines()
        .map(line -> Arrays.asList(line.strip().split("\\s+")))
        .filter(f -> f.size() >= 6 && f.getFirst().equals(address.text()))
        .filter(f -> f.get(5).equals(device) && (Integer.decode(f.get(2)) & 2) != 0)
        .map(f -> f.get(3))
        .findFirst();
  }

  private static Optional<String> inNeighbours(String table, IpAddress address) {
    return table
        .lines()
        .map(NEIGHBOUR_OF_DEVICE::matcher)
        .filter(Matcher::find)
        .filter(m -> m.group(1).equals(address.text()))
        .map(m -> m.group(2))
        .findFirst();
  }

  private static final Pattern NEIGHBOUR_OF_DEVICE = Pattern.compile("^(\\S+) lladdr (\\S+)");

  /** Interfaces whose own network has the address, other than those with that address alone. */
  private static List<Question> devices(IpAddress address) {
    List<Question> found = new ArrayList<>();
    try {
      for (NetworkInterface device :
          java.util.Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (device.isLoopback() || !device.isUp()) {
          continue;
        }
        for (InterfaceAddress own : device.getInterfaceAddresses()) {
          if (own.getNetworkPrefixLength() < address.bits()
              && !own.getAddress().isLinkLocalAddress()
              && address.sharesPrefix(own.getAddress(), own.getNetworkPrefixLength())) {
            found.add(new Question(address, device.getName()));
            break;
          }
        }
      }
    } catch (SocketException e) {
      return found;
    }
    return found;
  }
}
