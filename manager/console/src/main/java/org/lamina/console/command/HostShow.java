package org.lamina.console.command;

import org.lamina.console.client.HostInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Cell;
import org.lamina.console.view.Facts;
import org.lamina.console.view.Tint;

/** {@code host version}: what runs here, and whether console and daemon are of one release. */
final class HostShow extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.HOST,
              "host version",
              "laminad, the kernel, this console",
              "version")
          .options(CommandSpec.JSON)
          .examples("host version");

  private final Toolbox tools;
  private final String version;

  HostShow(Toolbox tools, String version) {
    super(SPEC, tools.surroundings());
    this.tools = tools;
    this.version = version;
  }

  @Override
  protected int run(CommandCall call) {
    if (call.json()) {
      call.print(tools.daemon().get("/v1/host"));
      return 0;
    }
    HostInfo host = tools.daemon().host();
    boolean same = host.version().equals(version);
    Facts facts =
        new Facts()
            .add("laminad", Cell.of(host.version() + ", process " + host.pid()))
            .add("Console", Cell.of(version, same ? Tint.PLAIN : Tint.WARN))
            .add("Kernel", Cell.of(host.kernel()))
            .add(
                "Containers",
                Cell.of(host.containers() + ", of which " + host.running() + " running"));
    call.out().print(facts.render(call.screen().colour()));
    if (!same) {
      call.note(Tint.WARN, "They are of different releases: leave and start lamina again.");
    }
    return 0;
  }
}
