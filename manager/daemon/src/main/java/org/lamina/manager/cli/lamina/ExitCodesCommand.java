package org.lamina.manager.cli.lamina;

import java.util.List;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.schema.ExitCode;

/** {@code lamina exit-codes}: the table that {@code docs/exit-codes.md} is a copy of. */
final class ExitCodesCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "lamina",
          List.of("exit-codes"),
          "",
          "show what exit codes mean",
          new OptionTable(),
          """
          Example:
            lamina exit-codes | grep '| 9 '
          """,
          Completion.NOTHING);

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    parse(call).atMost(0, SPEC.title());
    call.out().out(markdown());
    return ExitCode.OK.code();
  }

  /** The whole document. */
  static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append(
        """
        # Exit codes

        One table for `vzctl`, `vzlist`, `vzpkg` and `lamina`; numbers that OpenVZ's `vzctl` has mean
        the same here. This file is what `lamina exit-codes` prints.

        | Code | Meaning |
        |---:|---|
        """);
    for (ExitCode code : ExitCode.values()) {
      out.append("| ").append(code.code()).append(" | ").append(code.meaning()).append(" |\n");
    }
    out.append(
        """

        ## What else can come out
        - `vzctl exec` exits 0 or 8: any failure, of the command inside or of vzctl, is 8.
        - `vzctl exec2`, `exec3`, `enter` and `runscript` exit with the code of what ran inside, 128 plus
          the signal's number if a signal ended it. vzctl's own failures come from the table above and
          always print a line on standard error; the command's own code is never accompanied by one.
        - `vzctl status` exits 0 for every number, whether such a container exists or not.
        - `vzctl stop` of a stopped container and `vzctl mount` of a mounted one exit 0 with a warning.
        - `vzlist` exits 1 if a container named on its command line does not exist.
        - A client that is interrupted, or whose reader goes away, ends by that signal: the shell sees 130
          (SIGINT), 141 (SIGPIPE) or 143 (SIGTERM).
        - 95, 96 and 97 belong to `vzpkg`, which in OpenVZ had numbers of its own that collided with
          vzctl's.
        """);
    return out.toString();
  }
}
