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
    OptionSpec.value("--rate", "[DEVICE:CLASS:]KBIT", "kilobits a second each way; 0 for no limit")
  };

  static final OptionSpec[] ALL =
      Stream.concat(
              Arrays.stream(GIVING),
              Stream.of(
                  OptionSpec.value(
                      "--netif_add",
                      "NAME[,MAC,HOST_NAME,HOST_MAC,BRIDGE]",
                      "give it a bridged interface"),
                  OptionSpec.value("--netif_del", "NAME|all", "take a bridged interface away"),
                  OptionSpec.value(
                      "--ifname", "NAME", "the interface that --ipadd and these are about:"),
                  OptionSpec.value("--mac", "MAC", "its hardware address inside"),
                  OptionSpec.value("--host_ifname", "NAME", "its name on the host"),
                  OptionSpec.value("--host_mac", "MAC", "its hardware address on the host"),
                  OptionSpec.value("--bridge", "BRIDGE|none", "the bridge it is a port of"),
                  OptionSpec.choice(
                      "--mac_filter", "on|off", List.of("on", "off"), "drop foreign addresses"),
                  OptionSpec.value("--gw", "ADDRESS|none", "its default route"),
                  OptionSpec.value("--gw6", "ADDRESS|none", "the same for IPv6"),
                  OptionSpec.choice("--dhcp", "yes|no", YES_NO, "the inside asks for its address"),
                  OptionSpec.choice("--dhcp6", "yes|no", YES_NO, "the same for IPv6"),
                  OptionSpec.value("--netdev_add", "NAME", "move an interface of the host inside"),
                  OptionSpec.value("--netdev_del", "NAME|all", "give it back"),
                  OptionSpec.flag("--skip_arpdetect", "do not ask the wire for the address"),
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
      @Nullable Long rateKbit) {
    /** The options that ask for the same. */
    Map<String, @Nullable String> asOptions() {
      Map<String, @Nullable String> options = new LinkedHashMap<>();
      options.put("--ipadd", joined(addAddresses));
      options.put("--nameserver", joined(nameservers));
      options.put("--searchdomain", joined(searchDomains));
      options.put("--publish", joined(publishPorts));
      options.put("--rate", rateKbit == null ? null : Long.toString(rateKbit));
      return options;
    }

    private static @Nullable String joined(@Nullable List<String> words) {
      return words == null || words.isEmpty() ? null : String.join(",", words);
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
    return new NewNetwork(
        // as vzctl and the original have it: these mean no address at all
        words(in, "--ipadd").filter(w -> !w.equals("0.0.0.0") && !w.equals("::")).toList(),
        in.has("--nameserver") ? words(in, "--nameserver").toList() : null,
        in.has("--searchdomain") ? words(in, "--searchdomain").toList() : null,
        words(in, "--publish").toList(),
        rate == null ? null : Long.valueOf(TrafficRate.parse(rate).kbit()));
  }

  private static Stream<String> words(Parsed in, String option) {
    String value = in.get(option);
    return value == null
        ? Stream.empty()
        : Arrays.stream(value.strip().split("[\\s,]+")).filter(w -> !w.isEmpty()).distinct();
  }
}
