package org.lamina.console.command;

import java.util.ArrayList;
import java.util.List;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;

/** A command that is the daemon's own, word for word. */
final class ScriptedCommand extends ConsoleCommand {
  private final Toolbox tools;
  private final String program;
  private final List<String> words;

  /**
   * @param words put before the operands
   */
  ScriptedCommand(Toolbox tools, CommandSpec spec, String program, String... words) {
    super(spec, tools.surroundings());
    this.tools = tools;
    this.program = program;
    this.words = List.of(words);
  }

  @Override
  protected int run(CommandCall call) {
    List<String> arguments = new ArrayList<>(words);
    arguments.addAll(call.in().operands());
    for (OptionSpec option : spec().options()) {
      String value = call.in().get(option.name());
      if (value != null && !option.equals(CommandSpec.JSON)) {
        arguments.add(option.name());
        arguments.add(value);
      }
    }
    if (call.json()) {
      arguments.add("-j");
    }
    return tools.daemon().scripted().run(program, arguments, new ScriptedOutput(call, false));
  }
}
