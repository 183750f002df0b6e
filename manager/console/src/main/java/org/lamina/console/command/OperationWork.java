package org.lamina.console.command;

import org.lamina.console.client.OperationInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code operation watch} and {@code operation cancel}. */
final class OperationWork extends ConsoleCommand {
  private static final CommandSpec WATCH =
      CommandSpec.of(
              CommandSpec.Group.OPERATIONS,
              "operation watch",
              "follow an operation to its end",
              "watch")
          .operands("ID", 1, 1, Source.OPERATIONS)
          .options(CommandSpec.JSON)
          .notes("Exits with the operation's code. Ctrl-C asks whether it is to be cancelled.")
          .examples("operation watch 17");
  private static final CommandSpec CANCEL =
      CommandSpec.of(
              CommandSpec.Group.OPERATIONS,
              "operation cancel",
              "ask an operation to end early",
              "cancel")
          .operands("ID", 1, 1, Source.OPERATIONS)
          .options(CommandSpec.JSON)
          .examples("operation cancel 17");

  private final Toolbox tools;
  private final boolean cancels;

  private OperationWork(Toolbox tools, CommandSpec spec, boolean cancels) {
    super(spec, tools.surroundings());
    this.tools = tools;
    this.cancels = cancels;
  }

  static OperationWork watch(Toolbox tools) {
    return new OperationWork(tools, WATCH, false);
  }

  static OperationWork cancel(Toolbox tools) {
    return new OperationWork(tools, CANCEL, true);
  }

  @Override
  protected int run(CommandCall call) {
    long id = id(call.in().operand(0));
    if (!cancels) {
      return new Follower(tools, call).follow(tools.daemon().operation(id));
    }
    OperationInfo asked = tools.daemon().cancel(id);
    if (call.json()) {
      call.print(tools.daemon().get("/v1/operations/" + id));
    } else {
      call.line(
          "Operation " + id + " (" + asked.kind() + " " + asked.target() + ") was asked to end");
    }
    return 0;
  }

  private static long id(String typed) {
    if (!typed.matches("[0-9]{1,18}")) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "an operation is a number",
          "Those that are there are shown by: operation list");
    }
    return Long.parseLong(typed);
  }
}
