package org.lamina.console.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code container set}: vzctl's own options and rules, on as many containers as are meant. */
final class ContainerSet extends ConsoleCommand {
  private static final Set<String> NO_CHANGE = Set.of("--save", "--json");
  private static final List<String> YES_NO = List.of("yes", "no");
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.CONTAINERS, "container set", "change limits and settings", "set")
          .operands("SELECTOR", 1, 1, Source.CONTAINERS)
          .options(
              OptionSpec.value("--ram", "SIZE", "memory, such as 512M or 2G, or unlimited"),
              OptionSpec.value("--swap", "SIZE", "swap beside the memory"),
              OptionSpec.value("--cpulimit", "PERCENT", "of one CPU: 50, 200; 0 for no limit"),
              OptionSpec.value("--cpuunits", "WEIGHT", "share when CPUs are short, 1000 is usual"),
              OptionSpec.value("--numproc", "N", "processes and threads, or unlimited"),
              OptionSpec.value("--hostname", "NAME", "host name inside"),
              OptionSpec.value("--userpasswd", "USER:PASSWORD", "password inside; never saved"),
              OptionSpec.value("--name", "NAME", "a name that works wherever the CTID does"),
              OptionSpec.value("--description", "TEXT", "for people"),
              OptionSpec.choice("--onboot", "yes|no", YES_NO, "start with the host"),
              OptionSpec.value("--bootorder", "N", "higher starts first"),
              OptionSpec.choice("--disabled", "yes|no", YES_NO, "refuse to start"),
              OptionSpec.value("--stop-timeout", "SECONDS", "for a clean stop"),
              OptionSpec.value("--label", "KEY=VALUE,...", "for selectors; KEY= takes one away"),
              OptionSpec.flag("--save", "keep the change"),
              CommandSpec.JSON)
          .notes(
              """
              Changes a running container at once; --save keeps the change for the next start.
              Lines with --userpasswd are not kept in the history.
              """)
          .examples(
              "set 101 --ram 512M --cpulimit 50 --save",
              "set web* --onboot yes --save",
              "set 101-140 --label env=prod --save");

  private final Toolbox tools;

  ContainerSet(Toolbox tools) {
    super(SPEC, tools.surroundings());
    this.tools = tools;
  }

  @Override
  protected int run(CommandCall call) {
    if (call.in().options().keySet().stream().allMatch(NO_CHANGE::contains)) {
      throw new LaminaException(
          ExitCode.USAGE,
          "container set: there is nothing to change",
          "What can be changed is shown by: help container set");
    }
    List<ContainerInfo> chosen = Chosen.of(call.in().operand(0), tools.daemon());
    int first = 0;
    int failed = 0;
    for (ContainerInfo c : chosen) {
      if (chosen.size() > 1) {
        call.besideJson().line(call.screen().paint(Tint.STRONG, c.title()));
      }
      int code =
          tools
              .daemon()
              .scripted()
              .run(
                  "vzctl",
                  arguments(c, call),
                  new ScriptedOutput(call.besideJson(), chosen.size() > 1));
      first = first == 0 ? code : first;
      failed += code == 0 ? 0 : 1;
    }
    if (chosen.size() > 1) {
      String bad = failed == 0 ? "" : ", " + failed + " failed";
      call.note(failed == 0 ? Tint.STRONG : Tint.BAD, (chosen.size() - failed) + " changed" + bad);
    }
    tools.vocabulary().forget();
    if (call.json()) {
      call.print(after(chosen));
    }
    return first;
  }

  /** The containers as they are now: one as an object, several as an array. */
  private JsonNode after(List<ContainerInfo> chosen) {
    if (chosen.size() == 1) {
      return tools.daemon().get(Chosen.path(chosen.getFirst()));
    }
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    chosen.forEach(c -> all.add(tools.daemon().get(Chosen.path(c))));
    return all;
  }

  /** In the order of the table, so that messages come in the same order everywhere. */
  private static List<String> arguments(ContainerInfo c, CommandCall call) {
    List<String> words = new ArrayList<>(List.of("set", Integer.toString(c.ctid())));
    for (OptionSpec option : SPEC.options()) {
      String value = call.in().get(option.name());
      if (value != null && !option.equals(CommandSpec.JSON)) {
        words.add(option.name());
        if (option.takesValue()) {
          words.add(value);
        }
      }
    }
    return words;
  }
}
