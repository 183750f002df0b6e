package org.lamina.manager.cli.vzpkg;

import java.util.List;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.TemplateNames;
import org.lamina.manager.core.TemplateService;

/** {@code vzpkg remove cache}. */
final class RemoveCacheCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzpkg",
          List.of("remove cache", "delete cache"),
          "TEMPLATE...",
          "delete built templates that no container depends on",
          new OptionTable(),
          """
          Refused while containers depend on the template; they are named.

          Example:
            vzpkg remove cache debian-11
          """,
          Completion.TEMPLATE);

  private final TemplateService templates;

  RemoveCacheCommand(TemplateService templates) {
    this.templates = templates;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    return Vzpkg.each(
        this,
        call,
        parse(call).operands(),
        typed -> templates.remove(TemplateNames.resolve(typed, templates), call.listener()));
  }
}
