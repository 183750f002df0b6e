package org.lamina.manager.cli.vzpkg;

import java.util.List;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.TemplateNames;
import org.lamina.manager.core.TemplateService;
import org.lamina.schema.ByteSize;
import org.lamina.templates.BuildOptions;
import org.lamina.templates.Generation;

/** {@code vzpkg create cache}. */
final class CreateCacheCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzpkg",
          List.of("create cache"),
          "TEMPLATE...",
          "build templates from the distribution's packages",
          new OptionTable()
              .value("URL", "root of a mirror to take packages of the rpm family from", "--mirror")
              .values("FILE", "public key that its packages are signed with", "--gpgkey"),
          """
          Packages of the Debian family come from this host's package sources, those of the rpm
          family from the repositories of the definition, or from a mirror; signatures are always
          checked. --gpgkey takes an absolute path, may be repeated, and replaces the keys of the
          definition. A failed or interrupted build leaves nothing behind. debian-12-x86_64 and
          bookworm are understood as debian-12.

          Examples:
            vzpkg create cache debian-12 debian-13
            vzpkg create cache almalinux-9 --mirror https://mirror.example.org/almalinux
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
    Parsed parsed = parse(call);
    BuildOptions options = BuildOptions.of(parsed.get("--mirror"), parsed.all("--gpgkey"));
    return Vzpkg.each(this, call, parsed.operands(), name -> build(call, name, options));
  }

  private void build(Call call, String typed, BuildOptions options) {
    String name = TemplateNames.resolve(typed, templates);
    Generation made = templates.create(name, options, call.listener());
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
