package org.lamina.console.command;

import org.lamina.console.client.Daemon;
import org.lamina.console.client.OperationInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;

/** {@code template create} and {@code template remove}. */
final class TemplateWork extends ConsoleCommand {
  private static final CommandSpec CREATE =
      CommandSpec.of(
              CommandSpec.Group.TEMPLATES,
              "template create",
              "build a template from its distribution",
              "template build")
          .operands("NAME", 1, 1, Source.DEFINITIONS)
          .options(CommandSpec.JSON)
          .notes("Takes a minute or so. A build that is cancelled leaves nothing behind.")
          .examples("template create debian-12");
  private static final CommandSpec REMOVE =
      CommandSpec.of(
              CommandSpec.Group.TEMPLATES, "template remove", "delete a template that nobody uses")
          .operands("NAME", 1, 1, Source.TEMPLATES)
          .options(CommandSpec.YES, CommandSpec.JSON)
          .examples("template remove debian-11");

  private final Toolbox tools;
  private final boolean removes;

  private TemplateWork(Toolbox tools, CommandSpec spec, boolean removes) {
    super(spec, tools.surroundings());
    this.tools = tools;
    this.removes = removes;
  }

  static TemplateWork create(Toolbox tools) {
    return new TemplateWork(tools, CREATE, false);
  }

  static TemplateWork remove(Toolbox tools) {
    return new TemplateWork(tools, REMOVE, true);
  }

  @Override
  protected int run(CommandCall call) {
    String name = call.in().operand(0);
    if (removes && !call.agreed(() -> "Template " + name + " will be gone. Go on?")) {
      call.note(Tint.PLAIN, "Nothing was removed");
      return ExitCode.USAGE.code();
    }
    OperationInfo begun =
        tools.daemon().submit(removes ? "DELETE" : "POST", "/v1/templates/" + Daemon.segment(name));
    try {
      return new Follower(tools, call).follow(begun);
    } finally {
      tools.vocabulary().forget();
    }
  }
}
