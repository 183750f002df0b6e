package org.lamina.manager.cli;

import java.util.List;

/** A scripted program such as {@code vzctl}. Thread safe. */
public interface Program {
  String name();

  /**
   * @return exit code
   * @throws org.lamina.schema.LaminaException which the caller of this prints
   */
  int run(Call call);

  /** Its commands; a program without commands has one that bears its own name. */
  List<CommandSpec> commands();
}
