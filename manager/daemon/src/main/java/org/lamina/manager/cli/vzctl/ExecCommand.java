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

/** {@code vzctl exec}, {@code exec2} and {@code exec3}. */
final class ExecCommand implements Command {
  /** The three forms of one command. */
  enum Kind {
    EXEC("exec", "run a shell command inside; any failure exits 8"),
    EXEC2("exec2", "run a shell command inside; exits with its code"),
    EXEC3("exec3", "run a program inside without a shell; exits with its code");

    private final String word;
    private final String summary;

    Kind(String word, String summary) {
      this.word = word;
      this.summary = summary;
    }
  }

  private final ContainerService containers;
  private final Kind kind;
  private final CommandSpec spec;

  ExecCommand(ContainerService containers, Kind kind) {
    this.containers = containers;
    this.kind = kind;
    this.spec =
        new CommandSpec(
            "vzctl",
            List.of(kind.word),
            "CTID COMMAND [ARG...] | -",
            kind.summary,
            new OptionTable().operandsAfterFirstAreVerbatim(),
            kind == Kind.EXEC3 ? PROGRAM_NOTES : SHELL_NOTES.replace("EXEC", kind.word),
            Completion.CONTAINER);
  }

  private static final String SHELL_NOTES =
      """
      The arguments are joined by spaces and run by bash (or sh) inside, so one level of quoting
      is used up. With - the shell reads its commands from standard input. Standard input, output
      and error pass through unchanged; no terminal is made (see vzctl enter).

      Examples:
        vzctl EXEC 101 'ls /etc | wc -l'
        vzctl EXEC 101 - < script.sh
        tar c /srv | vzctl EXEC 101 tar x -C /
      """;
  private static final String PROGRAM_NOTES =
      """
      The arguments reach the program exactly as they are given. With - a shell reads its
      commands from standard input.

      Example:
        vzctl exec3 101 printf '%s\\n' 'two  spaces' '$HOME'
      """;

  @Override
  public CommandSpec spec() {
    return spec;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call);
    Ctid ctid = containers.get(parsed.container(spec.title())).ctid();
    List<String> words = parsed.operands().subList(1, parsed.operands().size());
    if (words.isEmpty()) {
      throw new LaminaException(
          ExitCode.USAGE,
          spec.title() + ": no command is given",
          "Write: " + spec.title() + " " + ctid + " COMMAND, or - to read commands from stdin.");
    }
    if (kind != Kind.EXEC) {
      return execute(call, ctid, words);
    }
    try {
      return execute(call, ctid, words) == 0 ? 0 : ExitCode.EXEC_FAILED.code();
    } catch (LaminaException e) {
      throw new LaminaException(ExitCode.EXEC_FAILED, e.text(), e.hint().orElse(null), e);
    }
  }

  private int execute(Call call, Ctid ctid, List<String> words) {
    RunningContainer container = containers.running(ctid);
    ExecHandle process;
    try (Caller.Taken taken = call.caller().takeStdio()) {
      process =
          container.exec(
              new ExecSpec(
                  argv(kind, words),
                  Shell.environment("linux"),
                  taken.stdio(),
                  ExecSpec.TerminalSize.DEFAULT));
    }
    return call.caller().attach(process);
  }

  /** What is executed inside for the words after the CTID. */
  static List<String> argv(Kind kind, List<String> words) {
    if (words.equals(List.of("-"))) {
      return Shell.reading();
    }
    return kind == Kind.EXEC3 ? List.copyOf(words) : Shell.running(Shell.join(words));
  }
}
