package org.lamina.manager.cli.vzpkg;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Nearest;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.TemplateNames;
import org.lamina.manager.core.TemplateService;
import org.lamina.manager.core.TemplateView;
import org.lamina.schema.ByteSize;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import org.lamina.templates.Generation;
import org.lamina.templates.RpmArchive;
import org.lamina.templates.TemplateDefinition;

/** {@code vzpkg info}. */
final class InfoCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzpkg",
          List.of("info"),
          "TEMPLATE [PARAMETER...]",
          "show what a template is made from and who depends on it",
          new OptionTable(),
          """
          With parameters, only their values are printed, one line each.

          Examples:
            vzpkg info debian-12
            vzpkg info debian-12 packages
          """,
          Completion.DEFINITION);

  private final TemplateService templates;

  InfoCommand(TemplateService templates) {
    this.templates = templates;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call);
    if (parsed.operands().isEmpty()) {
      throw new LaminaException(
          ExitCode.USAGE,
          "vzpkg info: no template is given",
          "vzpkg list --available shows the templates.");
    }
    Map<String, String> facts =
        facts(templates.info(TemplateNames.resolve(parsed.operands().getFirst(), templates)));
    List<String> wanted = parsed.operands().subList(1, parsed.operands().size());
    for (String name : wanted) {
      if (!facts.containsKey(name)) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER,
            "vzpkg info: unknown parameter " + Printable.shorten(name, 40),
            Nearest.to(name, facts.keySet())
                .map(n -> "Did you mean " + n + "?")
                .orElse("Known: " + String.join(", ", facts.keySet()) + "."));
      }
    }
    if (wanted.isEmpty()) {
      facts.forEach((k, v) -> call.out().outLine(String.format("%-13s%s", k + ":", v)));
    } else {
      wanted.forEach(n -> call.out().outLine(facts.getOrDefault(n, "-")));
    }
    return ExitCode.OK.code();
  }

  static Map<String, String> facts(TemplateView view) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("name", view.name());
    TemplateDefinition d = view.definition().orElse(null);
    if (d != null) {
      facts.put("summary", d.summary());
      facts.put("family", d.family());
      facts.put("release", d.release());
      RpmArchive archive = d.rpm();
      if (archive == null) {
        facts.put("suites", String.join(" ", d.suites()));
        facts.put("components", String.join(" ", d.components()));
      } else {
        facts.put(
            "repositories",
            archive.repositories().stream()
                .map(RpmArchive.Repository::url)
                .collect(Collectors.joining(" ")));
        facts.put(
            "keys",
            archive.keys().stream().map(RpmArchive.Key::file).collect(Collectors.joining(" ")));
      }
      facts.put("init", d.init());
      facts.put("packages", String.join(" ", d.packages()));
    }
    Generation g = view.newest().orElse(null);
    facts.put("built", g == null ? "no" : "yes");
    if (g != null) {
      facts.put("generation", Integer.toString(g.number()));
      facts.put("created", TemplateText.minute(g.created()) + " UTC");
      facts.put("size", new ByteSize(g.bytes()).human());
      facts.put("installed", g.packages() + " packages");
      facts.put("directory", g.directory().toString());
    }
    facts.put(
        "containers",
        view.usedBy().isEmpty()
            ? "-"
            : view.usedBy().stream().map(Object::toString).collect(Collectors.joining(" ")));
    return facts;
  }
}
