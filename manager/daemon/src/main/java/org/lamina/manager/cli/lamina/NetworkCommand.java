package org.lamina.manager.cli.lamina;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Columns;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.core.NetworkService;
import org.lamina.manager.core.NetworkService.NetworkView;
import org.lamina.schema.BridgeNetwork;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code lamina network}: bridges of the host's own with NAT, DHCP and names. */
final class NetworkCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "lamina",
          List.of("network"),
          "create|show|list|destroy [NAME]",
          "make a bridge with NAT, DHCP and names for containers",
          new OptionTable()
              .value("NETWORK/LENGTH", "of IPv4; a free one by default", "--subnet")
              .value("NETWORK/LENGTH|auto", "of IPv6; none by default", "--subnet6")
              .value("DOMAIN", "of the names there; lamina by default", "--domain")
              .flag("JSON", "-j", "--json"),
          """
          NAME is lamina0 unless given. Containers join it by an interface.

          Examples:
            lamina network create
            vzctl set 101 --netif_add eth0,,,,lamina0 --ifname eth0 --ipadd auto --save
            vzctl set 102 --netif_add eth0,,,,lamina0 --ifname eth0 --dhcp yes --save
          """,
          Completion.NOTHING);

  private final NetworkService networks;

  NetworkCommand(NetworkService networks) {
    this.networks = networks;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(2, SPEC.title());
    List<String> operands = parsed.operands();
    String verb = operands.isEmpty() ? "list" : operands.getFirst();
    String name = operands.size() > 1 ? operands.get(1) : BridgeNetwork.DEFAULT_NAME;
    switch (verb) {
      case "create" -> {
        NetworkView made =
            networks.createNetwork(
                name,
                parsed.get("--subnet"),
                parsed.get("--subnet6"),
                parsed.get("--domain"),
                call.listener(parsed));
        if (parsed.has("-j")) {
          call.out().outLine(Json.object(json(made)));
        }
      }
      case "destroy" -> networks.destroyNetwork(name, call.listener(parsed));
      case "list" -> list(call, parsed);
      case "show" -> show(call, parsed, networks.network(name));
      default ->
          throw new LaminaException(
              ExitCode.USAGE,
              SPEC.title() + ": unknown command " + verb,
              "Write create, show, list or destroy.");
    }
    return ExitCode.OK.code();
  }

  private void list(Call call, Parsed parsed) {
    List<NetworkView> all = networks.networks();
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(all.stream().map(NetworkCommand::json).toList()));
      return;
    }
    Columns columns = new Columns("NAME", "SUBNET", "SUBNET6", "DOMAIN", "STATE", ">INTERFACES");
    for (NetworkView n : all) {
      String subnet6 = n.network().subnet6();
      columns.row(
          n.network().name(),
          n.network().subnet4(),
          subnet6 == null ? "-" : subnet6,
          n.network().domain(),
          n.served() ? "served" : "down",
          Integer.toString(n.places().size()));
    }
    call.out().out(columns.render(true));
  }

  private static void show(Call call, Parsed parsed, NetworkView n) {
    if (parsed.has("-j")) {
      call.out().outLine(Json.object(json(n)));
      return;
    }
    String subnet6 = n.network().subnet6();
    StringBuilder text = new StringBuilder();
    text.append("Network:  ").append(n.network().name());
    text.append(n.served() ? ", served" : ", down").append('\n');
    text.append("Subnet:   ").append(n.network().subnet4());
    text.append(", gateway ").append(n.network().gateway4()).append('\n');
    if (subnet6 != null) {
      text.append("Subnet6:  ").append(subnet6);
      n.network().gateway6().ifPresent(g -> text.append(", gateway ").append(g));
      text.append('\n');
    }
    text.append("Domain:   ").append(n.network().domain()).append("\n\n");
    Columns columns = new Columns("CTID", "NAME", "INTERFACE", "ADDRESS", "BY");
    for (NetworkService.Place p : n.places()) {
      columns.row(
          p.ctid().toString(),
          p.name(),
          p.ifname(),
          p.address().text(),
          p.dhcp() ? "dhcp" : "host");
    }
    call.out().out(text + columns.render(true));
  }

  private static Map<String, @Nullable Object> json(NetworkView n) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("name", n.network().name());
    all.put("subnet", n.network().subnet4());
    all.put("gateway", n.network().gateway4().text());
    all.put("subnet6", n.network().subnet6());
    all.put("domain", n.network().domain());
    all.put("served", n.served());
    all.put(
        "members",
        n.places().stream()
            .map(p -> {
              Map<String, @Nullable Object> place = new LinkedHashMap<>();
              place.put("ctid", p.ctid().value());
              place.put("name", p.name());
              place.put("ifname", p.ifname());
              place.put("address", p.address().text());
              place.put("dhcp", p.dhcp());
              return place;
            })
            .toList());
    return all;
  }
}
