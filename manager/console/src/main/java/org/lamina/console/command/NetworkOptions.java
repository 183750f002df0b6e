package org.lamina.console.command;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Parsed;
import org.lamina.schema.TrafficRate;

/** The network of a container as vzctl spells it. */
final class NetworkOptions {
  private static final List<String> YES_NO = List.of("yes", "no");
  private static final String PORT = "[ADDRESS:]HOSTPORT:PORT[/udp]";

  /** Those that give, which {@code create} has too. */
  static final OptionSpec[] GIVING = {
    OptionSpec.value("--ipadd", "ADDRESS[/LENGTH]|auto,...", "give it an IPv4 or IPv6 address"),
    OptionSpec.value("--nameserver", "ADDRESS|inherit,...", "name servers inside"),
    OptionSpec.value("--searchdomain", "DOMAIN|inherit,...", "search domains inside"),
    OptionSpec.value("--publish", PORT + ",...", "a port of the host leads to it"),
    OptionSpec.value("--rate", "[DEVICE:CLASS:]KBIT", "kilobits a second each way; 0 for no limit"),
    OptionSpec.value(
        "--netif_add", "NAME[,MAC,HOST_NAME,HOST_MAC,BRIDGE]", "give it a bridged interface"),
    OptionSpec.value("--ifname", "NAME", "the interface that --ipadd and these are about:"),
    OptionSpec.value("--mac", "MAC", "its hardware address inside"),
    OptionSpec.value("--host_ifname", "NAME", "its name on the host"),
    OptionSpec.value("--host_mac", "MAC", "its hardware address on the host"),
    OptionSpec.value("--bridge", "BRIDGE|none", "the bridge it is a port of"),
    OptionSpec.choice("--mac_filter", "on|off", List.of("on", "off"), "drop foreign addresses"),
    OptionSpec.value("--gw", "ADDRESS|none", "its default route"),
    OptionSpec.value("--gw6", "ADDRESS|none", "the same for IPv6"),
    OptionSpec.choice("--dhcp", "yes|no", YES_NO, "the inside asks for its address"),
    OptionSpec.choice("--dhcp6", "yes|no", YES_NO, "the same for IPv6"),
    OptionSpec.value("--netdev_add", "NAME", "move an interface of the host inside"),
    OptionSpec.flag("--skip_arpdetect", "do not ask the wire for the address")
  };

  static final OptionSpec[] ALL =
      Stream.concat(
              Arrays.stream(GIVING),
              Stream.of(
                  OptionSpec.value("--netif_del", "NAME|all", "take a bridged interface away"),
                  OptionSpec.value("--netdev_del", "NAME|all", "give an interface back"),
                  OptionSpec.value(
                      "--ipdel", "ADDRESS|all,...", "take addresses away, before any is given"),
                  OptionSpec.value("--unpublish", PORT + "|all,...", "undo --publish")))
          .toArray(OptionSpec[]::new);

  private NetworkOptions() {}

  /**
   * The network of a new container as the API takes it; null takes the host's default.
   *
   * @param rateKbit 0 for no limit
   */
  record NewNetwork(
      List<String> addAddresses,
      @Nullable List<String> nameservers,
      @Nullable List<String> searchDomains,
      List<String> publishPorts,
      @Nullable Long rateKbit,
      List<String> addInterfaces,
      List<Edit> editInterfaces,
      List<String> takeDevices,
      boolean skipArpDetect) {
    /** The options that ask for the same. */
    Map<String, @Nullable String> asOptions() {
      Map<String, @Nullable String> options = new LinkedHashMap<>();
      options.put("--ipadd", joined(addAddresses));
      options.put("--nameserver", joined(nameservers));
      options.put("--searchdomain", joined(searchDomains));
      options.put("--publish", joined(publishPorts));
      options.put("--rate", rateKbit == null ? null : Long.toString(rateKbit));
      options.put("--netif_add", addInterfaces.isEmpty() ? null : addInterfaces.getFirst());
      editInterfaces.forEach(edit -> edit.into(options));
      options.put("--netdev_add", joined(takeDevices));
      return options;
    }

    private static @Nullable String joined(@Nullable List<String> words) {
      return words == null || words.isEmpty() ? null : String.join(",", words);
    }
  }

  /** One interface as the API takes it; null leaves what it is. */
  record Edit(
      String name,
      @Nullable String mac,
      @Nullable String hostName,
      @Nullable String hostMac,
      @Nullable String bridge,
      @Nullable Boolean macFilter,
      List<String> addAddresses,
      @Nullable String gateway,
      @Nullable String gateway6,
      @Nullable Boolean dhcp,
      @Nullable Boolean dhcp6) {

    static Edit read(String name, List<String> addresses, Parsed in) {
      return new Edit(
          name,
          in.get("--mac"),
          in.get("--host_ifname"),
          in.get("--host_mac"),
          orNone(in.get("--bridge")),
          is(in.get("--mac_filter"), "on"),
          addresses,
          orNone(in.get("--gw")),
          orNone(in.get("--gw6")),
          is(in.get("--dhcp"), "yes"),
          is(in.get("--dhcp6"), "yes"));
    }

    private static @Nullable String orNone(@Nullable String text) {
      return "none".equals(text) ? "" : text;
    }

    private static @Nullable Boolean is(@Nullable String text, String word) {
      return text == null ? null : Boolean.valueOf(text.equals(word));
    }

    private void into(Map<String, @Nullable String> options) {
      options.put("--ifname", name);
      options.put("--mac", mac);
      options.put("--host_ifname", hostName);
      options.put("--host_mac", hostMac);
      options.put("--bridge", bridge);
      options.put("--mac_filter", macFilter == null ? null : macFilter ? "on" : "off");
      options.put("--ipadd", NewNetwork.joined(addAddresses));
      options.put("--gw", gateway);
      options.put("--gw6", gateway6);
      options.put("--dhcp", dhcp == null ? null : dhcp ? "yes" : "no");
      options.put("--dhcp6", dhcp6 == null ? null : dhcp6 ? "yes" : "no");
    }
  }

  /**
   * What was given of it; null if nothing was.
   *
   * @throws org.lamina.schema.LaminaException BAD_PARAMETER for a rate that is none
   */
  static @Nullable NewNetwork read(Parsed in) {
    if (Arrays.stream(GIVING).noneMatch(in::has)) {
      return null;
    }
    String rate = in.get("--rate");
    // as vzctl and the original have it: these mean no address at all
    List<String> addresses =
        words(in, "--ipadd").filter(w -> !w.equals("0.0.0.0") && !w.equals("::")).toList();
    String ifname = in.get("--ifname");
    String added = in.get("--netif_add");
    return new NewNetwork(
        ifname == null ? addresses : List.of(),
        in.has("--nameserver") ? words(in, "--nameserver").toList() : null,
        in.has("--searchdomain") ? words(in, "--searchdomain").toList() : null,
        words(in, "--publish").toList(),
        rate == null ? null : Long.valueOf(TrafficRate.parse(rate).kbit()),
        added == null ? List.of() : List.of(added),
        ifname == null ? List.of() : List.of(Edit.read(ifname, addresses, in)),
        words(in, "--netdev_add").toList(),
        in.has("--skip_arpdetect"));
  }

  private static Stream<String> words(Parsed in, String option) {
    String value = in.get(option);
    return value == null
        ? Stream.empty()
        : Arrays.stream(value.strip().split("[\\s,]+")).filter(w -> !w.isEmpty()).distinct();
  }
}
