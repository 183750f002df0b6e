package org.lamina.manager.cli.vzctl;

import java.util.List;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.sys.Fd;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Caller;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.core.ContainerService;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code vzctl runscript}: a script of the host fed to a shell inside. */
final class RunscriptCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzctl",
          List.of("runscript"),
          "CTID SCRIPT",
          "run a script of the host inside, also in a stopped container",
          new OptionTable(),
          """
          The script is opened with your rights and fed to the shell inside as its standard
          input. In a stopped container it runs without init, and everything is taken down again.
          Exits with the script's code.

          Example:
            vzctl runscript 101 ./setup.sh
          """,
          Completion.CONTAINER);

  private final ContainerService containers;

  RunscriptCommand(ContainerService containers) {
    this.containers = containers;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(2, SPEC.title());
    String reference = parsed.container(SPEC.title());
    if (parsed.operands().size() < 2) {
      throw new LaminaException(
          ExitCode.USAGE, "vzctl runscript: no script is given", "Write: " + SPEC.operands());
    }
    Ctid ctid = containers.get(reference).ctid();
    ExecHandle process;
    try (Caller.Taken taken = call.caller().takeStdio();
        Fd script = call.caller().takeFile()) {
      ExecSpec.Stdio stdio = new ExecSpec.Stdio(script, taken.stdio().out(), taken.stdio().err());
      process =
          containers.runScript(
              ctid,
              new ExecSpec(
                  Shell.reading(),
                  Shell.environment("linux"),
                  stdio,
                  ExecSpec.TerminalSize.DEFAULT),
              call.withArgs(List.of()).listener());
    }
    return call.caller().attach(process);
  }
}
