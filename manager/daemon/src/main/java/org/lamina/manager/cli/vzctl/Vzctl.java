package org.lamina.manager.cli.vzctl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Dispatch;
import org.lamina.manager.cli.Program;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.TemplateService;
import org.lamina.schema.ExitCode;
import org.lamina.schema.Printable;

/** {@code vzctl [--quiet|--verbose] COMMAND CTID [ARG...]}. */
public final class Vzctl implements Program {
  private static final String MIGRATION = "checkpointing comes with a later one.";
  private static final String SNAPSHOT = "snapshots come with a later one.";
  private static final String QUOTA =
      "disk limits come with a later one, without the quota files this command managed.";
  private static final String LOOP = "containers are overlays of a template, not disk images.";
  private static final Map<String, String> LATER =
      Map.ofEntries(
          Map.entry("suspend", MIGRATION),
          Map.entry("chkpnt", MIGRATION),
          Map.entry("resume", MIGRATION),
          Map.entry("restore", MIGRATION),
          Map.entry("pause", MIGRATION),
          Map.entry("snapshot", SNAPSHOT),
          Map.entry("snapshot-list", SNAPSHOT),
          Map.entry("snapshot-switch", SNAPSHOT),
          Map.entry("snapshot-delete", SNAPSHOT),
          Map.entry("snapshot-mount", SNAPSHOT),
          Map.entry("snapshot-umount", SNAPSHOT),
          Map.entry("quotaon", QUOTA),
          Map.entry("quotaoff", QUOTA),
          Map.entry("quotainit", QUOTA),
          Map.entry("convert", LOOP),
          Map.entry("compact", LOOP),
          Map.entry("reinstall", "moving containers to another template comes with a later one."),
          Map.entry("execaction", "there are no distribution scripts to run."),
          Map.entry("monitor", "follow the JSON API's operations instead."));

  private final Dispatch commands;
  private final String version;

  public Vzctl(ContainerService containers, TemplateService templates, String version) {
    this.version = version;
    List<Command> all = new ArrayList<>();
    all.add(new CreateCommand(containers, templates));
    all.add(LifecycleCommand.start(containers));
    all.add(LifecycleCommand.stop(containers));
    all.add(LifecycleCommand.restart(containers));
    all.add(new StatusCommand(containers));
    all.add(new StatCommand(containers));
    all.add(LifecycleCommand.destroy(containers));
    all.add(LifecycleCommand.mount(containers));
    all.add(LifecycleCommand.umount(containers));
    all.add(new SetCommand(containers));
    all.add(new ExecCommand(containers, ExecCommand.Kind.EXEC));
    all.add(new ExecCommand(containers, ExecCommand.Kind.EXEC2));
    all.add(new ExecCommand(containers, ExecCommand.Kind.EXEC3));
    all.add(new EnterCommand(containers));
    all.add(new ConsoleCommand(containers));
    all.add(new RunscriptCommand(containers));
    all.add(new RegisterCommand(containers));
    all.add(LifecycleCommand.unregister(containers));
    commands = new Dispatch("vzctl", all, LATER);
  }

  @Override
  public String name() {
    return "vzctl";
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
    for (; at < args.size() && args.get(at).startsWith("-"); at++) {
      switch (args.get(at)) {
        case "--quiet" -> next = next.with(true, false);
        case "--verbose" -> next = next.with(false, true);
        case "--skiplock" ->
            call.out()
                .errLine(
                    "Warning: --skiplock has no effect: the lock protects the container's data,"
                        + " and a dead holder frees it by itself");
        case "--version" -> {
          call.out().outLine("vzctl version " + version + " (Lamina)");
          return ExitCode.OK.code();
        }
        case "--help", "-h" -> {
          call.out().out(overview());
          return ExitCode.OK.code();
        }
        default -> {
          call.out().errLine("vzctl: unknown option " + shown(args.get(at)));
          call.out().errLine("See: vzctl --help");
          return ExitCode.BAD_PARAMETER.code();
        }
      }
    }
    List<String> rest = args.subList(at, args.size());
    if (rest.isEmpty()) {
      call.out().err(overview());
      return ExitCode.USAGE.code();
    }
    if (rest.getFirst().equals("help")) {
      return commands.help(next.withArgs(rest.subList(1, rest.size())), overview());
    }
    return commands.run(next.withArgs(rest));
  }

  private static String shown(String word) {
    return Printable.shorten(word, 40);
  }

  private String overview() {
    return """
    vzctl: manage containers

    Usage: vzctl [--quiet | --verbose] COMMAND CTID [ARG...]
           vzctl help COMMAND
           vzctl --version

    Commands:
    """
        + commands.overview()
        + """

        A container's name works wherever its CTID does.
        Example: vzctl create 101 --ostemplate debian-12 --hostname web1
        """;
  }
}
