package org.lamina.manager.cli.vzctl;

import java.util.List;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.RunningContainer;
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
import org.lamina.schema.Printable;

/** {@code vzctl enter}: root's login shell on a terminal of the container's own. */
final class EnterCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzctl",
          List.of("enter"),
          "CTID [--exec COMMAND [ARG...]]",
          "open root's shell inside",
          new OptionTable().operandsAfterFirstAreVerbatim(),
          """
          The shell runs on a new terminal of the container's own; your terminal's size and TERM
          are passed on, nothing else. --exec runs a command first and then leaves you in the
          shell. Without a terminal on standard input the shell reads commands from there.
          Exits with the shell's code.

          Examples:
            vzctl enter 101
            vzctl enter web1 --exec top
          """,
          Completion.CONTAINER);

  private final ContainerService containers;

  EnterCommand(ContainerService containers) {
    this.containers = containers;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call);
    String reference = parsed.container(SPEC.title());
    List<String> argv = argv(parsed.operands().subList(1, parsed.operands().size()));
    Ctid ctid = containers.get(reference).ctid();
    RunningContainer container = containers.running(ctid);
    if (!call.caller().terminal(0)) {
      return onPipes(call, container, argv);
    }
    // Whoever it is has to be known before anything runs for him.
    var _ = call.caller().gone();
    call.out().outLine("entered into CT " + ctid);
    ExecHandle process =
        container.exec(
            new ExecSpec(
                argv, Shell.environment(call.caller().term()), null, call.caller().size()));
    int code = call.caller().enter(process);
    call.out().outLine("exited from CT " + ctid);
    return code;
  }

  private static int onPipes(Call call, RunningContainer container, List<String> argv) {
    ExecHandle process;
    try (Caller.Taken taken = call.caller().takeStdio()) {
      process =
          container.exec(
              new ExecSpec(
                  argv, Shell.environment("dumb"), taken.stdio(), ExecSpec.TerminalSize.DEFAULT));
    }
    return call.caller().attach(process);
  }

  /** What is executed inside for the words after the CTID. */
  static List<String> argv(List<String> words) {
    if (words.isEmpty()) {
      return Shell.login();
    }
    if (!words.getFirst().equals("--exec")) {
      throw new LaminaException(
          ExitCode.USAGE,
          "vzctl enter: unexpected argument " + Printable.shorten(words.getFirst(), 40),
          "To run a command and stay inside: vzctl enter CTID --exec COMMAND; only to run it: vzctl"
              + " exec CTID COMMAND.");
    }
    if (words.size() == 1) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "vzctl enter: --exec needs a command", null);
    }
    return Shell.loginAfter(Shell.join(words.subList(1, words.size())));
  }
}
