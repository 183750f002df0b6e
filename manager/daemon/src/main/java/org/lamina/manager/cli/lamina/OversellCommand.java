package org.lamina.manager.cli.lamina;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.agent.proc.ControlFile;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Columns;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.core.ContainerService;
import org.lamina.schema.ByteSize;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code lamina oversell}. */
final class OversellCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "lamina",
          List.of("oversell"),
          "",
          "compare what containers were promised with what the host has",
          new OptionTable().flag("as JSON", "-j", "--json"),
          """
          PROMISED adds up the saved limits of all containers, RUNNING those of running ones.
          CPU is in percent of one CPU. FREE counts running containers without a limit.

          Example:
            lamina oversell
          """,
          Completion.NOTHING);

  private final ContainerService containers;
  private final Path host;

  /**
   * @param host the root of the host's file system, for tests
   */
  OversellCommand(ContainerService containers, Path host) {
    this.containers = containers;
    this.host = host;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(0, SPEC.title());
    List<Promises> all = Promises.of(capacity(), containers.list());
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(all));
      return ExitCode.OK.code();
    }
    Columns columns = new Columns("RESOURCE", ">HOST", ">PROMISED", ">RUNNING", ">LEVEL", ">FREE");
    for (Promises p : all) {
      boolean cpu = p.resource().equals("cpu");
      Long level = p.level();
      columns.row(
          p.resource(),
          amount(p.host(), cpu),
          amount(p.all(), cpu),
          amount(p.running(), cpu),
          level == null ? "-" : level + "%",
          Long.toString(p.unlimited()));
    }
    call.out().out(columns.render(true));
    return ExitCode.OK.code();
  }

  private static String amount(long value, boolean percent) {
    return percent ? value + "%" : new ByteSize(value).human();
  }

  private Promises.Host capacity() {
    try {
      String memory = ControlFile.read(host.resolve("proc/meminfo"));
      long cpus =
          ControlFile.read(host.resolve("proc/stat"))
              .lines()
              .filter(line -> line.matches("cpu[0-9]+ .*"))
              .count();
      return new Promises.Host(
          kilobytes(memory, "MemTotal"), kilobytes(memory, "SwapTotal"), (int) cpus);
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "cannot read what this host has: " + e.getMessage(), null, e);
    }
  }

  private static long kilobytes(String text, String name) {
    Matcher m = Pattern.compile("(?m)^" + name + ": +([0-9]{1,15}) kB").matcher(text);
    return m.find() ? Long.parseLong(m.group(1)) * 1024 : 0;
  }
}
