package org.lamina.manager.cli.vzpkg;

import java.util.List;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.TemplateNames;
import org.lamina.manager.core.TemplateService;
import org.lamina.schema.ByteSize;
import org.lamina.templates.Generation;

/** {@code vzpkg create cache}. */
final class CreateCacheCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzpkg",
          List.of("create cache"),
          "TEMPLATE...",
          "build templates from the distribution's packages",
          new OptionTable(),
          """
          Packages come from this host's package sources and their signatures are checked. A
          failed or interrupted build leaves nothing behind. debian-12-x86_64 and bookworm are
          understood as debian-12.

          Example:
            vzpkg create cache debian-12 debian-13
          """,
          Completion.DEFINITION);

  private final TemplateService templates;

  CreateCacheCommand(TemplateService templates) {
    this.templates = templates;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    return Vzpkg.each(this, call, parse(call).operands(), name -> build(call, name));
  }

  private void build(Call call, String typed) {
    String name = TemplateNames.resolve(typed, templates);
    Generation made = templates.create(name, call.listener());
    call.listener()
        .say(
            "Template "
                + made.template()
                + " was created: "
                + made.packages()
                + " packages, "
                + new ByteSize(made.bytes()).human());
  }
}
