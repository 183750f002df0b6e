package org.lamina.manager.cli.vzctl;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** {@code vzctl status}: one line that scripts split at spaces. */
final class StatusCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzctl",
          List.of("status"),
          "CTID",
          "show whether a container exists, is mounted and runs",
          new OptionTable(),
          """
          Prints: CTID NUMBER exist|deleted mounted|unmounted running|down
          and exits 0, also for a number that no container has.

          Example:
            vzctl status 101
          """,
          Completion.CONTAINER);

  private final ContainerService containers;

  StatusCommand(ContainerService containers) {
    this.containers = containers;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    String reference = parse(call).atMost(1, SPEC.title()).container(SPEC.title());
    Optional<ContainerView> view =
        isReserved(reference) ? Optional.empty() : containers.lookup(reference);
    if (view.isEmpty() && !isNumber(reference)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "Bad CT ID " + Printable.shorten(reference, 40),
          "vzlist -a shows the containers.");
    }
    call.out()
        .outLine(
            view.map(StatusCommand::line)
                .orElseGet(() -> "CTID " + Long.parseLong(reference) + " deleted unmounted down"));
    return ExitCode.OK.code();
  }

  private static boolean isNumber(String reference) {
    return Ctid.looksNumeric(reference) && Long.parseLong(reference) <= Ctid.MAX;
  }

  private static boolean isReserved(String reference) {
    return isNumber(reference) && Long.parseLong(reference) < Ctid.MIN;
  }

  /** The line for a container that is known. */
  static String line(ContainerView view) {
    boolean exists = Files.isDirectory(view.privateArea());
    boolean running = view.status() == ContainerView.Status.RUNNING;
    boolean mounted = running || view.status() == ContainerView.Status.MOUNTED;
    return "CTID "
        + view.container().ctid()
        + (exists ? " exist" : " deleted")
        + (mounted ? " mounted" : " unmounted")
        + (running ? " running" : " down");
  }
}
