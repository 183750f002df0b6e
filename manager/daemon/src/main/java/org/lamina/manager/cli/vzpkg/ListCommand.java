package org.lamina.manager.cli.vzpkg;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Columns;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.TemplateNames;
import org.lamina.manager.core.TemplateService;
import org.lamina.manager.core.TemplateView;
import org.lamina.schema.ByteSize;
import org.lamina.schema.ExitCode;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateDefinition;

/** {@code vzpkg list}. */
final class ListCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzpkg",
          List.of("list"),
          "[TEMPLATE...]",
          "show the templates of this host",
          new OptionTable()
              .flag("also templates that could be built", "--available", "-a")
              .flag("only OS templates; there are no others", "-O", "--os")
              .flag("no header line", "-H", "--no-header")
              .flag("JSON", "-j", "--json")
              .later("application templates do not exist here.", "-A", "--app", "--appcache")
              .later("comparing packages comes with a later one.", "-u", "--custom-pkg"),
          """
          GEN is the newest generation; CTS counts the containers that depend on the template.

          Examples:
            vzpkg list
            vzpkg list --available
          """,
          Completion.TEMPLATE);

  private final TemplateService templates;

  ListCommand(TemplateService templates) {
    this.templates = templates;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call);
    List<String> names =
        parsed.operands().stream().map(n -> TemplateNames.resolve(n, templates)).toList();
    List<TemplateView> shown =
        names.isEmpty()
            ? templates.list().stream()
                .filter(t -> parsed.has("--available") || t.newest().isPresent())
                .toList()
            : names.stream().distinct().map(templates::info).toList();
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(shown.stream().map(ListCommand::json).toList()));
    } else if (shown.isEmpty()) {
      call.out().errLine("No template is built yet");
      call.out()
          .errLine("vzpkg list --available shows what can be built; vzpkg create cache builds.");
    } else {
      call.out().out(table(shown, !parsed.has("-H")));
    }
    return ExitCode.OK.code();
  }

  /** The table, as wide as its values need. */
  static String table(List<TemplateView> shown, boolean header) {
    Columns columns =
        new Columns("TEMPLATE", ">GEN", "CREATED", ">SIZE", ">PKGS", ">CTS", "SUMMARY");
    for (TemplateView t : shown) {
      String[] built =
          t.newest().map(ListCommand::built).orElse(new String[] {"-", "not built", "-", "-"});
      columns.row(
          t.name(),
          built[0],
          built[1],
          built[2],
          built[3],
          Integer.toString(t.usedBy().size()),
          t.definition().map(TemplateDefinition::summary).orElse("(definition is missing)"));
    }
    return columns.render(header);
  }

  private static String[] built(Generation g) {
    return new String[] {
      Integer.toString(g.number()),
      TemplateText.minute(g.created()),
      new ByteSize(g.bytes()).human(),
      Integer.toString(g.packages())
    };
  }

  static Map<String, @Nullable Object> json(TemplateView t) {
    Map<String, @Nullable Object> out = new LinkedHashMap<>();
    out.put("template", t.name());
    out.put("built", t.newest().isPresent());
    out.put("generation", t.newest().map(Generation::number).orElse(null));
    out.put("created", t.newest().map(g -> g.created().toString()).orElse(null));
    out.put("bytes", t.newest().map(Generation::bytes).orElse(null));
    out.put("packages", t.newest().map(Generation::packages).orElse(null));
    out.put("summary", t.definition().map(TemplateDefinition::summary).orElse(null));
    out.put("containers", t.usedBy().stream().map(c -> c.value()).toList());
    return out;
  }
}
