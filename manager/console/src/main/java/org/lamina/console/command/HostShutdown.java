package org.lamina.console.command;

import java.util.List;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Human;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;

/** {@code host shutdown}: every container stops, as when the host goes down. */
final class HostShutdown extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.HOST,
              "host shutdown",
              "stop every container, as when the host goes down",
              "shutdown")
          .options(CommandSpec.YES, CommandSpec.JSON)
          .notes(
              """
              In the reverse of the boot order, those of one order at once. What runs now starts
              again with the host, or with the next start of the daemon.
              """)
          .examples("host shutdown", "shutdown --yes");

  private final Toolbox tools;

  HostShutdown(Toolbox tools) {
    super(SPEC, tools.surroundings());
    this.tools = tools;
  }

  @Override
  protected int run(CommandCall call) {
    List<ContainerInfo> running = running();
    if (running.isEmpty() && !call.json()) {
      call.line("No container is running");
      return 0;
    }
    if (!running.isEmpty() && !call.agreed(() -> question(running, call))) {
      call.note(Tint.PLAIN, "Nothing was changed");
      return ExitCode.USAGE.code();
    }
    int code = new Follower(tools, call).follow(tools.daemon().submit("POST", "/v1/host/shutdown"));
    tools.vocabulary().forget();
    if (code == 0 && !call.json()) {
      call.line(Human.count(running.size() - running().size(), "container") + " stopped");
    }
    return code;
  }

  private List<ContainerInfo> running() {
    return tools.daemon().containers().stream().filter(ContainerInfo::running).toList();
  }

  private static String question(List<ContainerInfo> running, CommandCall call) {
    running.forEach(c -> call.note(Tint.PLAIN, c.title()));
    return Human.count(running.size(), "container") + " will be stopped. Go on?";
  }
}
