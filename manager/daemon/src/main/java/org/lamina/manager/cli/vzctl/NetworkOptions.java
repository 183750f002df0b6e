package org.lamina.manager.cli.vzctl;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.NetworkChange;
import org.lamina.schema.PoolRequest;
import org.lamina.schema.PublishedPort;
import org.lamina.schema.TrafficRate;

/** The options of a container's network, the same for {@code create} and {@code set}. */
final class NetworkOptions {
  private static final String ALL = "all";

  private NetworkOptions() {}

  /** Those that give. */
  static OptionTable giving(OptionTable table) {
    return table
        .values(
            "ADDRESS[/LENGTH]|auto|auto6|auto:POOL",
            "give it an address, to the interface of --ifname if that is given; repeatable",
            "--ipadd")
        .values("ADDRESS|inherit", "name server inside; repeatable", "--nameserver")
        .values("DOMAIN|inherit", "search domain inside; repeatable", "--searchdomain")
        .values(
            "[ADDRESS:]HOSTPORT:PORT[/udp]",
            "a port of the host leads to it; repeatable",
            "--publish")
        .value("[DEVICE:CLASS:]KBIT", "kilobits per second each way; 0 for no limit", "--rate")
        .values(
            "NAME[,MAC,HOST_NAME,HOST_MAC,BRIDGE]",
            "give it a bridged interface; repeatable",
            "--netif_add")
        .value("NAME", "the interface that the following options are about", "--ifname")
        .value("MAC", "its hardware address inside", "--mac")
        .value("NAME", "its name on the host", "--host_ifname")
        .value("MAC", "its hardware address on the host", "--host_mac")
        .value("BRIDGE|none", "the bridge it is a port of", "--bridge")
        .value("on|off", "drop what it sends from foreign addresses", "--mac_filter")
        .value("ADDRESS|none", "its default route", "--gw")
        .value("ADDRESS|none", "the same for IPv6", "--gw6")
        .value("yes|no", "the inside asks for its address", Completion.YES_NO, "--dhcp")
        .value("yes|no", "the same for IPv6", Completion.YES_NO, "--dhcp6")
        .values("NAME", "move an interface of the host inside; repeatable", "--netdev_add")
        .flag("do not ask whether somebody on the wire has the address", "--skip_arpdetect");
  }

  /** Those that take away as well. */
  static OptionTable all(OptionTable table) {
    return giving(table)
        .values("ADDRESS|all", "take an address away, before any is given", "--ipdel")
        .values("[ADDRESS:]HOSTPORT:PORT[/udp]|all", "undo --publish", "--unpublish")
        .values("NAME|all", "take a bridged interface away", "--netif_del")
        .values("NAME|all", "give an interface of the host back", "--netdev_del");
  }

  /**
   * @throws LaminaException BAD_IP, or BAD_PARAMETER for a value that is empty
   */
  static NetworkChange read(Parsed parsed) {
    Addresses addresses = Addresses.read(parsed);
    // With --ifname they are that interface's.
    boolean routed = !parsed.has("--ifname");
    List<String> withdrawn = words(parsed, "--unpublish");
    return new NetworkChange(
        routed && addresses.deleteAll(),
        routed ? addresses.deleted() : List.of(),
        routed ? addresses.added() : List.of(),
        replacing(parsed, "--nameserver"),
        replacing(parsed, "--searchdomain"),
        withdrawn.contains(ALL),
        withdrawn.stream().filter(w -> !w.equals(ALL)).map(PublishedPort::parse).toList(),
        words(parsed, "--publish").stream().map(PublishedPort::parse).toList(),
        parsed.has("--rate") ? TrafficRate.parse(String.valueOf(parsed.get("--rate"))) : null,
        NetifOptions.read(parsed, addresses),
        routed ? addresses.wanted() : List.of(),
        parsed.has("--skip_arpdetect"));
  }

  /** What {@code --ipadd} and {@code --ipdel} say. */
  record Addresses(
      boolean deleteAll,
      List<IpAddress> deleted,
      List<GuestAddress> added,
      List<PoolRequest> wanted) {

    static Addresses read(Parsed parsed) {
      List<String> deleted = words(parsed, "--ipdel");
      List<String> added =
          words(parsed, "--ipadd").stream()
              // As the original: these mean no address at all.
              .filter(w -> !w.equals("0.0.0.0") && !w.equals("::"))
              .toList();
      return new Addresses(
          deleted.contains(ALL),
          deleted.stream().filter(w -> !w.equals(ALL)).map(NetworkOptions::address).toList(),
          added.stream()
              .filter(w -> PoolRequest.parse(w).isEmpty())
              .map(GuestAddress::parse)
              .toList(),
          added.stream().flatMap(w -> PoolRequest.parse(w).stream()).toList());
    }
  }

  /** A length is allowed, as an address is often copied from where it was given. */
  private static IpAddress address(String text) {
    return text.contains("/") ? GuestAddress.parse(text).address() : new IpAddress(text);
  }

  static List<String> words(Parsed parsed, String option) {
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
