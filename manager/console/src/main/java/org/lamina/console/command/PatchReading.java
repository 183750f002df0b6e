package org.lamina.console.command;

import java.util.ArrayList;
import java.util.List;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;

/** The commands of patching that only look: {@code vzpkg}'s own words, in this terminal. */
final class PatchReading extends ConsoleCommand {
  private final Toolbox tools;
  private final String word;

  private PatchReading(Toolbox tools, CommandSpec spec, String word) {
    super(spec, tools.surroundings());
    this.tools = tools;
    this.word = word;
  }

  static List<ConsoleCommand> all(Toolbox tools) {
    CommandSpec plan =
        spec("plan", "what a roll-out would do to each container")
            .operands("TEMPLATE [SELECTOR]", 1, 2, Source.TEMPLATES)
            .options(PatchOptions.TO)
            .examples("template plan debian-12", "plan debian-12 label:env=test");
    CommandSpec status =
        CommandSpec.of(
                CommandSpec.Group.TEMPLATES,
                "template status",
                "which containers are behind or run old code")
            .options(CommandSpec.JSON)
            .operands("TEMPLATE", 1, 1, Source.TEMPLATES)
            .notes("Exits 22 when anything is behind.")
            .examples("template status debian-12");
    CommandSpec history =
        spec("history", "generations of a template and who is on each")
            .operands("TEMPLATE", 1, 1, Source.TEMPLATES)
            .examples("template history debian-12");
    CommandSpec report =
        spec("report", "what a roll-out did to each container")
            .operands("[RUN]", 0, 1, Source.NOTHING)
            .notes("Without a number, the latest run.")
            .examples("template report", "report 7 -j");
    return List.of(
        new PatchReading(tools, plan, "plan"),
        new PatchReading(tools, status, "status"),
        new PatchReading(tools, history, "history"),
        new PatchReading(tools, report, "report"));
  }

  private static CommandSpec spec(String word, String summary) {
    return CommandSpec.of(CommandSpec.Group.TEMPLATES, "template " + word, summary, word)
        .options(CommandSpec.JSON);
  }

  @Override
  protected int run(CommandCall call) {
    List<String> words = new ArrayList<>(List.of(word));
    List<String> operands = call.in().operands();
    words.addAll(operands.subList(0, Math.min(1, operands.size())));
    if (operands.size() > 1) {
      words.addAll(PatchOptions.containers(operands.get(0), operands.get(1), tools.daemon()));
    }
    for (OptionSpec option : spec().options()) {
      words.addAll(PatchOptions.given(option, call.in()));
    }
    return tools.daemon().scripted().run("vzpkg", words, new ScriptedOutput(call, false));
  }
}
