package org.lamina.console.command;

import org.lamina.console.line.CommandSpec;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;

/** {@code host recover}. */
final class HostRecover extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.HOST,
              "host recover",
              "register every private area the database does not know",
              "recover")
          .options(CommandSpec.JSON)
          .notes("For a host whose database was lost. What it knows already is left alone.")
          .examples("host recover");

  private final Toolbox tools;

  HostRecover(Toolbox tools) {
    super(SPEC, tools.surroundings());
    this.tools = tools;
  }

  @Override
  protected int run(CommandCall call) {
    int before = tools.daemon().host().containers();
    int code = new Follower(tools, call).follow(tools.daemon().submit("POST", "/v1/host/recover"));
    tools.vocabulary().forget();
    if (code == 0 && !call.json()) {
      int found = tools.daemon().host().containers() - before;
      call.line(found == 0 ? "Nothing to recover" : "Recovered " + found);
    }
    return code;
  }
}
