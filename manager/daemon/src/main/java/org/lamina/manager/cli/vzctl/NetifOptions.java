package org.lamina.manager.cli.vzctl;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.Values;
import org.lamina.schema.ExitCode;
import org.lamina.schema.InterfaceName;
import org.lamina.schema.LaminaException;
import org.lamina.schema.MacAddress;
import org.lamina.schema.NetifChange;

/** The options of interfaces other than the routed one. */
final class NetifOptions {
  private static final String ALL = "all";
  private static final List<String> OF_ONE =
      List.of(
          "--mac",
          "--host_ifname",
          "--host_mac",
          "--bridge",
          "--mac_filter",
          "--gw",
          "--gw6",
          "--dhcp",
          "--dhcp6");

  private NetifOptions() {}

  /**
   * @param addresses of the interface that {@code --ifname} names
   * @throws LaminaException BAD_PARAMETER
   */
  static NetifChange read(Parsed parsed, NetworkOptions.Addresses addresses) {
    List<String> deleted = NetworkOptions.words(parsed, "--netif_del");
    List<String> returned = NetworkOptions.words(parsed, "--netdev_del");
    return new NetifChange(
        deleted.contains(ALL),
        deleted.stream().filter(w -> !w.equals(ALL)).toList(),
        parsed.all("--netif_add").stream().map(NetifChange.Addition::parse).toList(),
        edits(parsed, addresses),
        returned.contains(ALL),
        returned.stream().filter(w -> !w.equals(ALL)).toList(),
        NetworkOptions.words(parsed, "--netdev_add"));
  }

  private static List<NetifChange.Edit> edits(Parsed parsed, NetworkOptions.Addresses addresses) {
    String name = parsed.get("--ifname");
    if (name == null) {
      for (String option : OF_ONE) {
        if (parsed.has(option)) {
          throw new LaminaException(
              ExitCode.BAD_PARAMETER,
              option + " is about an interface that is not named",
              "Name it: --ifname eth0 " + option + " ...");
        }
      }
      return List.of();
    }
    return List.of(
        new NetifChange.Edit(
            InterfaceName.check(name, "an interface"),
            mac(parsed, "--mac"),
            checked(parsed, "--host_ifname", "an interface of the host"),
            mac(parsed, "--host_mac"),
            orNone(parsed, "--bridge"),
            filter(parsed.get("--mac_filter")),
            addresses.deleteAll(),
            addresses.deleted(),
            addresses.added(),
            addresses.wanted(),
            orNone(parsed, "--gw"),
            orNone(parsed, "--gw6"),
            yesNo(parsed, "--dhcp"),
            yesNo(parsed, "--dhcp6")));
  }

  private static @Nullable MacAddress mac(Parsed parsed, String option) {
    String text = parsed.get(option);
    return text == null ? null : new MacAddress(text);
  }

  private static @Nullable String checked(Parsed parsed, String option, String what) {
    String text = parsed.get(option);
    return text == null ? null : InterfaceName.check(text, what);
  }

  /** The empty text for none. */
  private static @Nullable String orNone(Parsed parsed, String option) {
    String text = parsed.get(option);
    return text != null && text.equals("none") ? "" : text;
  }

  private static @Nullable Boolean yesNo(Parsed parsed, String option) {
    String text = parsed.get(option);
    return text == null ? null : Boolean.valueOf(Values.yesNo(option, text));
  }

  private static @Nullable Boolean filter(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (text) {
      case "on" -> true;
      case "off" -> false;
      default -> throw Values.bad("--mac_filter", text, "Write on or off.");
    };
  }
}
