package org.lamina.console.command;

import java.util.ArrayList;
import java.util.List;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;

/** A scripted command typed here: the real program runs, with the words as they are. */
final class Handover extends ConsoleCommand {
  private final Toolbox tools;
  private final List<String> program;

  private Handover(Toolbox tools, CommandSpec spec, List<String> program) {
    super(spec, tools.surroundings());
    this.tools = tools;
    this.program = program;
  }

  /** {@code vzctl}, {@code vzlist}, {@code vzpkg} or {@code vznetstat}. */
  static Handover scripted(Toolbox tools, String program) {
    CommandSpec spec =
        new CommandSpec(
            CommandSpec.Group.CONSOLE,
            program,
            List.of(),
            "[ARG...]",
            0,
            Integer.MAX_VALUE,
            Source.NOTHING,
            true,
            "the scripted command, as in a shell",
            List.of(),
            "",
            List.of(
                switch (program) {
                  case "vzlist" -> "vzlist all";
                  case "vznetstat" -> program;
                  default -> program + " help";
                }));
    return new Handover(tools, spec, List.of(program));
  }

  /** {@code host backup}: the file is made with the rights of whoever asks. */
  static Handover backup(Toolbox tools) {
    CommandSpec spec =
        CommandSpec.of(
                CommandSpec.Group.HOST,
                "host backup",
                "copy the database to a new zip file while it is in use",
                "backup")
            .operands("FILE", 1, 1, Source.NOTHING)
            .options(CommandSpec.JSON)
            .notes("FILE must not exist yet. Containers' files are not in it.")
            .examples("host backup /root/lamina-db.zip");
    return new Handover(tools, spec, List.of("lamina", "backup"));
  }

  @Override
  protected int run(CommandCall call) {
    List<String> command = new ArrayList<>(program);
    command.addAll(call.in().operands());
    if (call.json()) {
      command.add("-j");
    }
    tools.vocabulary().forget();
    return tools.programs().foreground(command);
  }
}
