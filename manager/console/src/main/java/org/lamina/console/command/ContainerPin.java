package org.lamina.console.command;

import java.util.List;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;

/** {@code container pin} and {@code container unpin}. */
final class ContainerPin extends ConsoleCommand {
  private final Toolbox tools;
  private final String word;

  private ContainerPin(Toolbox tools, CommandSpec spec, String word) {
    super(spec, tools.surroundings());
    this.tools = tools;
    this.word = word;
  }

  static List<ConsoleCommand> all(Toolbox tools) {
    return List.of(
        new ContainerPin(tools, spec("pin", "keep containers out of roll-outs"), "pin"),
        new ContainerPin(
            tools, spec("unpin", "let containers follow their template again"), "unpin"));
  }

  private static CommandSpec spec(String word, String summary) {
    return CommandSpec.of(CommandSpec.Group.CONTAINERS, "container " + word, summary, word)
        .operands("SELECTOR", 1, 1, Source.CONTAINERS)
        .options(CommandSpec.JSON)
        .examples("container " + word + " 101", word + " label:env=prod");
  }

  @Override
  protected int run(CommandCall call) {
    int first = 0;
    List<ContainerInfo> chosen = Chosen.of(call.in().operand(0), tools.daemon());
    for (ContainerInfo c : chosen) {
      int code =
          tools
              .daemon()
              .scripted()
              .run(
                  "vzpkg",
                  List.of(word, Integer.toString(c.ctid())),
                  new ScriptedOutput(call.besideJson(), false));
      first = first == 0 ? code : first;
    }
    if (call.json()) {
      call.print(Chosen.now(chosen, tools.daemon()));
    }
    return first;
  }
}
