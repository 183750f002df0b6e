package org.lamina.manager.cli.vzctl;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.TemplateNames;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.CreateRequest;
import org.lamina.manager.core.TemplateService;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;

/** {@code vzctl create}. */
final class CreateCommand implements Command {
  private static final OptionTable OPTIONS =
      NetworkOptions.giving(new OptionTable())
          .value("NAME", "template to depend on", Completion.TEMPLATE, "--ostemplate")
          .value("NAME", "host name inside", "--hostname")
          .value("NAME", "a name that works wherever the CTID does", "--name")
          .value("TEXT", "for people", "--description")
          .value("SAMPLE", "limits from ve-SAMPLE.conf-sample", Completion.SAMPLE, "--config")
          .value("SIZE[:SIZE]", "disk, soft and hard limit: 10G", "--diskspace")
          .value("N[:N]", "files, soft and hard limit", "--diskinodes")
          .flag("no user namespace: root inside is root of the host", "--privileged")
          .later(
              "containers are always overlays of their template; VE_LAYOUT in lamina.conf says how"
                  + " their files are limited.",
              "--layout",
              "--private",
              "--root")
          .later(
              "every container gets an id range of its own; see --privileged.",
              "--local_uid",
              "--local_gid")
          .later("a broken container is never taken over.", "--force")
          .later("there are no application templates.", "--skip_app_templates");

  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzctl",
          List.of("create"),
          "CTID",
          "make a container from a template",
          OPTIONS,
          """
          CTID is a number from 101. Without --ostemplate, DEF_OSTEMPLATE of lamina.conf is taken.

          Examples:
            vzctl create 101 --ostemplate debian-12 --hostname web1 --name web
            vzctl create 102 --config vswap-512m --ipadd 10.0.0.2 --nameserver inherit
          """,
          Completion.NOTHING);

  private final ContainerService containers;
  private final TemplateService templates;

  CreateCommand(ContainerService containers, TemplateService templates) {
    this.containers = containers;
    this.templates = templates;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    CreateRequest request = request(parse(call));
    String asked = request.template();
    containers.create(
        asked == null ? request : withTemplate(request, TemplateNames.resolve(asked, templates)),
        call.listener());
    return ExitCode.OK.code();
  }

  /** The request as typed. */
  static CreateRequest request(Parsed parsed) {
    Ctid ctid = Ctid.parse(parsed.atMost(1, SPEC.title()).container(SPEC.title()));
    return new CreateRequest(
        ctid,
        parsed.get("--ostemplate"),
        parsed.get("--hostname"),
        parsed.get("--name"),
        parsed.get("--description"),
        parsed.get("--config"),
        parsed.has("--privileged"),
        NetworkOptions.read(parsed),
        SetArguments.disk(parsed));
  }

  private static CreateRequest withTemplate(CreateRequest r, @Nullable String template) {
    return new CreateRequest(
        r.ctid(),
        template,
        r.hostname(),
        r.name(),
        r.description(),
        r.sample(),
        r.privileged(),
        r.network(),
        r.disk());
  }
}
