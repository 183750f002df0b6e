package org.lamina.manager.cli.vzpkg;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Dispatch;
import org.lamina.manager.cli.Program;
import org.lamina.manager.core.TemplateService;
import org.lamina.manager.core.patch.PatchService;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code vzpkg COMMAND}: the templates of this host. Its two-word commands are read here. */
public final class Vzpkg implements Program {
  private static final String INSIDE =
      "packages of one container are its own package manager's business: vzctl exec CTID apt-get"
          + " ...";
  private static final Map<String, String> LATER =
      Map.ofEntries(
          Map.entry("update", INSIDE),
          Map.entry("upgrade", INSIDE),
          Map.entry("fetch", "packages are fetched by: vzpkg update cache TEMPLATE."),
          Map.entry("link", "containers share their template's files always."),
          Map.entry("clean", "no package cache is kept."),
          Map.entry("install", INSIDE),
          Map.entry("localinstall", INSIDE),
          Map.entry("localupdate", INSIDE));

  private final Dispatch commands;
  private final String version;

  public Vzpkg(TemplateService templates, PatchService patches, String version) {
    this.version = version;
    List<Command> all = new ArrayList<>();
    all.add(new CreateCacheCommand(templates));
    all.add(new ListCommand(templates));
    all.add(new InfoCommand(templates));
    all.add(new RemoveCacheCommand(templates));
    all.addAll(new PatchCommands(templates, patches).all());
    commands = new Dispatch("vzpkg", all, LATER);
  }

  @Override
  public String name() {
    return "vzpkg";
  }

  @Override
  public List<CommandSpec> commands() {
    return commands.specs();
  }

  @Override
  public int run(Call call) {
    List<String> args = call.args();
    Call next = call;
    int at = 0;
    for (; at < args.size() && List.of("-q", "--quiet", "-d").contains(args.get(at)); at++) {
      next = next.with(!args.get(at).equals("-d"), args.get(at).equals("-d"));
    }
    args = args.subList(at, args.size());
    if (args.isEmpty()) {
      call.out().err(overview());
      return ExitCode.USAGE.code();
    }
    return switch (args.getFirst()) {
      case "--version" -> {
        call.out().outLine("vzpkg version " + version + " (Lamina)");
        yield ExitCode.OK.code();
      }
      case "--help", "-h" -> {
        call.out().out(overview());
        yield ExitCode.OK.code();
      }
      case "help" -> commands.help(next.withArgs(joined(args.subList(1, args.size()))), overview());
      default -> commands.run(next.withArgs(joined(args)));
    };
  }

  /** {@code create cache X} becomes {@code "create cache" X}. */
  static List<String> joined(List<String> args) {
    boolean cache = args.size() >= 2 && args.get(1).equals("cache");
    if (args.size() < 2
        || !(List.of("create", "remove", "delete").contains(args.getFirst())
            || (args.getFirst().equals("update") && cache))) {
      return args;
    }
    List<String> out = new ArrayList<>();
    out.add(args.get(0) + " " + args.get(1));
    out.addAll(args.subList(2, args.size()));
    return out;
  }

  private String overview() {
    return """
    vzpkg: manage the templates containers depend on

    Usage: vzpkg [-q] COMMAND [ARG...]
           vzpkg help COMMAND

    Commands:
    """
        + commands.overview()
        + """

        Example: vzpkg create cache debian-12
        """;
  }

  /** Each of several names in turn; the first failure's code, after all were tried. */
  static int each(Command command, Call call, List<String> names, Consumer<String> work) {
    if (names.isEmpty()) {
      throw new LaminaException(
          ExitCode.USAGE,
          command.spec().title() + ": no template is given",
          "vzpkg list --available shows what can be built.");
    }
    int code = ExitCode.OK.code();
    for (String name : names) {
      try {
        work.accept(name);
      } catch (LaminaException e) {
        if (names.size() == 1) {
          throw e;
        }
        call.out().errLine(e.text());
        e.hint().ifPresent(call.out()::errLine);
        code = code == 0 ? e.exitCode().code() : code;
      }
    }
    return code;
  }
}
