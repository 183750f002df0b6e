package org.lamina.manager.cli.lamina;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Dispatch;
import org.lamina.manager.cli.Program;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.DatabaseBackup;
import org.lamina.manager.core.Events;
import org.lamina.manager.core.HostConfig;
import org.lamina.manager.core.NetworkService;
import org.lamina.manager.core.Operations;
import org.lamina.manager.core.TemplateService;
import org.lamina.schema.ExitCode;

/** {@code lamina SUBCOMMAND}: the host as a whole. */
public final class LaminaProgram implements Program {
  private final Dispatch commands;
  private final CompleteCommand completion;
  private final String version;

  /**
   * @param programs all programs, this one included, once they exist; for shell completion
   */
  public LaminaProgram(
      ContainerService containers,
      TemplateService templates,
      Operations operations,
      Events events,
      NetworkService networks,
      DatabaseBackup backup,
      HostConfig config,
      Supplier<List<Program>> programs,
      String version) {
    this.version = version;
    List<Command> all = new ArrayList<>();
    all.add(new DoctorCommand(config, containers));
    all.add(new UsageCommand(containers, config));
    all.add(new NetworkCommand(networks));
    all.add(new PoolCommand(networks));
    all.add(new OperationsCommand(operations));
    all.add(new EventsCommand(events));
    all.add(new BackupCommand(backup, config));
    all.add(new RecoverCommand(containers));
    all.add(new ShutdownCommand(containers));
    all.add(new ExitCodesCommand());
    commands = new Dispatch("lamina", all, Map.of());
    completion = new CompleteCommand(containers, templates, programs);
  }

  @Override
  public String name() {
    return "lamina";
  }

  @Override
  public List<CommandSpec> commands() {
    return commands.specs();
  }

  @Override
  public int run(Call call) {
    List<String> args = call.args();
    if (args.isEmpty()) {
      call.out().err(overview());
      return ExitCode.USAGE.code();
    }
    List<String> rest = args.subList(1, args.size());
    return switch (args.getFirst()) {
      case "help" -> commands.help(call.withArgs(rest), overview());
      case "--help", "-h" -> commands.help(call.withArgs(List.of()), overview());
      case "version", "--version" -> {
        call.out().outLine("lamina version " + version);
        yield ExitCode.OK.code();
      }
      case "complete" -> completion.run(call.withArgs(rest));
      default -> commands.run(call);
    };
  }

  private String overview() {
    return """
    lamina: the host as a whole; without arguments, the interactive console

    Usage: lamina [COMMAND [ARG...]]
           lamina help COMMAND
           lamina version

    Commands:
    """
        + commands.overview()
        + """

        Containers are managed by vzctl and vzlist, templates by vzpkg.
        """;
  }
}
