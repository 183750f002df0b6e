package org.lamina.manager.cli.vzctl;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.NetworkChange;
import org.lamina.schema.PublishedPort;
import org.lamina.schema.TrafficRate;

/** The options of a container's network, the same for {@code create} and {@code set}. */
final class NetworkOptions {
  private static final String ALL = "all";

  private NetworkOptions() {}

  /** Those that give. */
  static OptionTable giving(OptionTable table) {
    return table
        .values("ADDRESS[/LENGTH]", "give it an IPv4 or IPv6 address; repeatable", "--ipadd")
        .values("ADDRESS|inherit", "name server inside; repeatable", "--nameserver")
        .values("DOMAIN|inherit", "search domain inside; repeatable", "--searchdomain")
        .values(
            "[ADDRESS:]HOSTPORT:PORT[/udp]",
            "a port of the host leads to it; repeatable",
            "--publish")
        .value("[DEVICE:CLASS:]KBIT", "kilobits per second each way; 0 for no limit", "--rate");
  }

  /** Those that take away as well. */
  static OptionTable all(OptionTable table) {
    return giving(table)
        .values("ADDRESS|all", "take an address away, before any is given", "--ipdel")
        .values("[ADDRESS:]HOSTPORT:PORT[/udp]|all", "undo --publish", "--unpublish");
  }

  /**
   * @throws LaminaException BAD_IP, or BAD_PARAMETER for a value that is empty
   */
  static NetworkChange read(Parsed parsed) {
    List<String> deleted = words(parsed, "--ipdel");
    List<String> withdrawn = words(parsed, "--unpublish");
    return new NetworkChange(
        deleted.contains(ALL),
        deleted.stream().filter(w -> !w.equals(ALL)).map(NetworkOptions::address).toList(),
        words(parsed, "--ipadd").stream()
            // As the original: these mean no address at all.
            .filter(w -> !w.equals("0.0.0.0") && !w.equals("::"))
            .map(GuestAddress::parse)
            .toList(),
        replacing(parsed, "--nameserver"),
        replacing(parsed, "--searchdomain"),
        withdrawn.contains(ALL),
        withdrawn.stream().filter(w -> !w.equals(ALL)).map(PublishedPort::parse).toList(),
        words(parsed, "--publish").stream().map(PublishedPort::parse).toList(),
        parsed.has("--rate") ? TrafficRate.parse(String.valueOf(parsed.get("--rate"))) : null);
  }

  /** A length is allowed, as an address is often copied from where it was given. */
  private static IpAddress address(String text) {
    return text.contains("/") ? GuestAddress.parse(text).address() : new IpAddress(text);
  }

  private static List<String> words(Parsed parsed, String option) {
    List<String> words = split(parsed.all(option)).toList();
    if (parsed.has(option) && words.isEmpty()) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, option + " is empty", "Leave it out, or give it a value.");
    }
    return words;
  }

  /** The empty value clears the list. */
  private static @Nullable List<String> replacing(Parsed parsed, String option) {
    return parsed.has(option) ? split(parsed.all(option)).toList() : null;
  }

  private static Stream<String> split(List<String> values) {
    return values.stream()
        .flatMap(value -> Arrays.stream(value.strip().split("[\\s,]+")))
        .filter(word -> !word.isEmpty())
        .distinct();
  }
}
