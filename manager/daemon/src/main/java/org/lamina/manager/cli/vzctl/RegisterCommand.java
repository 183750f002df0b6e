package org.lamina.manager.cli.vzctl;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.Values;
import org.lamina.manager.core.ContainerService;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code vzctl register}: takes a private area into the database. */
final class RegisterCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzctl",
          List.of("register"),
          "PATH CTID",
          "take a private area with its ve.conf into the database",
          new OptionTable().flag("take it in though its template is not on this host", "--force"),
          """
          PATH is the private area's absolute path. To take in all of them: lamina recover

          Example:
            vzctl register /var/lib/lamina/private/101 101
          """,
          Completion.FILE);

  private final ContainerService containers;

  RegisterCommand(ContainerService containers) {
    this.containers = containers;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(2, SPEC.title());
    if (parsed.operands().size() < 2) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "vzctl register: a path and a CTID are needed",
          "Write: vzctl register " + SPEC.operands());
    }
    Path path = absolute(parsed.operands().get(0));
    containers.register(
        path, Ctid.parse(parsed.operands().get(1)), parsed.has("--force"), call.listener());
    return ExitCode.OK.code();
  }

  private static Path absolute(String text) {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (InvalidPathException e) {
      throw Values.bad("PATH", text, null);
    }
    throw Values.bad("PATH", text, "Give the absolute path; the daemon has another directory.");
  }
}
