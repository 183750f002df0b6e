package org.lamina.manager.cli;

/** One command of a program. Thread safe. */
public interface Command {
  CommandSpec spec();

  /**
   * @param call whose arguments begin after the command's name
   * @return exit code
   */
  int run(Call call);

  /** Reads the arguments by the command's table. */
  default Parsed parse(Call call) {
    Parsed parsed = spec().options().parse(spec().title(), call.args());
    call.notices(parsed);
    return parsed;
  }
}
