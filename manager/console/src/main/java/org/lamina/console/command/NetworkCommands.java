package org.lamina.console.command;

import java.util.List;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.ConsoleCommand;

/** Networks of the host's own, and pools of addresses: the daemon's own commands. */
final class NetworkCommands {
  private NetworkCommands() {}

  static List<ConsoleCommand> all(Toolbox tools) {
    return List.of(
        new ScriptedCommand(
            tools,
            spec("network list", "networks of the host's own").options(CommandSpec.JSON),
            "lamina",
            "network",
            "list"),
        new ScriptedCommand(
            tools,
            spec("network show", "one network, and who is on it")
                .operands("[NAME]", 0, 1, Source.NOTHING)
                .options(CommandSpec.JSON)
                .examples("network show", "network show lamina0 -j"),
            "lamina",
            "network",
            "show"),
        new ScriptedCommand(
            tools,
            spec("network create", "make a bridge with NAT, DHCP and names")
                .operands("[NAME]", 0, 1, Source.NOTHING)
                .options(
                    OptionSpec.value(
                        "--subnet", "NETWORK/LENGTH", "of IPv4; a free one if left out"),
                    OptionSpec.value(
                        "--subnet6", "NETWORK/LENGTH|auto", "of IPv6; none if left out"),
                    OptionSpec.value("--domain", "DOMAIN", "of the names there"),
                    CommandSpec.JSON)
                .examples("network create", "network create dmz --subnet 10.9.0.0/24"),
            "lamina",
            "network",
            "create"),
        new ScriptedCommand(
            tools,
            spec("network destroy", "take a network away that nobody is on")
                .operands("[NAME]", 0, 1, Source.NOTHING),
            "lamina",
            "network",
            "destroy"),
        new ScriptedCommand(
            tools,
            spec("pool list", "ranges that --ipadd auto takes from").options(CommandSpec.JSON),
            "lamina",
            "pool",
            "list"),
        new ScriptedCommand(
            tools,
            spec("pool create", "define a range for --ipadd auto")
                .operands("NAME RANGE", 2, 2, Source.NOTHING)
                .notes("RANGE is NETWORK/LENGTH or FIRST-LAST.")
                .examples("pool create public 192.0.2.10-192.0.2.99"),
            "lamina",
            "pool",
            "create"),
        new ScriptedCommand(
            tools,
            spec("pool destroy", "forget a range; containers keep their addresses")
                .operands("NAME", 1, 1, Source.NOTHING),
            "lamina",
            "pool",
            "destroy"));
  }

  private static CommandSpec spec(String name, String summary) {
    return CommandSpec.of(CommandSpec.Group.HOST, name, summary);
  }
}
