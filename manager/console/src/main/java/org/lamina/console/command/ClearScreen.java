package org.lamina.console.command;

import org.lamina.console.line.CommandSpec;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;

/** {@code clear}. */
final class ClearScreen extends ConsoleCommand {
  private static final String HOME_AND_WIPE = "\u001b[H\u001b[2J";
  private static final CommandSpec SPEC =
      CommandSpec.of(CommandSpec.Group.CONSOLE, "clear", "clear the screen").examples("clear");

  ClearScreen(Toolbox tools) {
    super(SPEC, tools.surroundings());
  }

  @Override
  protected int run(CommandCall call) {
    if (call.screen().terminal()) {
      call.out().print(HOME_AND_WIPE);
      call.out().flush();
    }
    return 0;
  }
}
