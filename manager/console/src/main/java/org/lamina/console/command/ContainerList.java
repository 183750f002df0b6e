package org.lamina.console.command;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.client.Daemon;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Source;
import org.lamina.console.select.Selector;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Table;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** {@code container list}. */
final class ContainerList extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.CONTAINERS, "container list", "show containers", "list", "ls")
          .operands("[SELECTOR]", 0, 1, Source.CONTAINERS)
          .options(
              OptionSpec.choice("--output", "COLUMN,...", ContainerColumn.words(), "which columns")
                  .or("-o"),
              OptionSpec.choice("--sort", "[-]COLUMN", ContainerColumn.words(), "order; - reverses")
                  .or("-s"),
              OptionSpec.flag("--running", "-r", "only those that run"),
              OptionSpec.flag("--stopped", "-S", "only those that do not run"),
              OptionSpec.flag("--all", "-a", "all, which is the default"),
              CommandSpec.JSON)
          .notes("Columns: " + String.join(", ", ContainerColumn.words()))
          .examples(
              "container list", "list 101-140,web* --sort -memory", "list -o ctid,name,ram -r");

  private final Daemon daemon;
  private final Clock clock;

  ContainerList(Toolbox tools, Clock clock) {
    super(SPEC, tools.surroundings());
    this.daemon = tools.daemon();
    this.clock = clock;
  }

  @Override
  protected int run(CommandCall call) {
    List<ContainerColumn> columns = columns(call.in().get("--output"));
    Comparator<ContainerInfo> order = order(call.in().get("--sort"));
    JsonNode answer = daemon.get("/v1/containers");
    List<ContainerInfo> shown = new ArrayList<>(daemon.list(answer, ContainerInfo.class));
    if (!call.in().operands().isEmpty()) {
      shown = new ArrayList<>(Selector.parse(call.in().operand(0)).of(shown));
    }
    boolean onlyRunning = call.in().has("--running");
    boolean onlyStopped = call.in().has("--stopped");
    shown.removeIf(c -> (onlyRunning && !c.running()) || (onlyStopped && c.running()));
    shown.sort(order);
    if (call.json()) {
      call.print(ordered(answer, shown));
    } else if (shown.isEmpty()) {
      call.line("No containers. Make one with: container create");
    } else {
      call.print(table(columns, shown, clock.instant()));
    }
    return 0;
  }

  static Table table(List<ContainerColumn> columns, List<ContainerInfo> shown, Instant now) {
    Table table = new Table(columns.stream().map(ContainerColumn::column).toList());
    shown.forEach(
        c -> table.row(columns.stream().map(column -> column.cell().apply(c, now)).toList()));
    return table;
  }

  static List<ContainerColumn> columns(@Nullable String typed) {
    List<String> words = typed == null ? ContainerColumn.USUAL : List.of(typed.split(","));
    return words.stream().map(ContainerColumn::named).toList();
  }

  static Comparator<ContainerInfo> order(@Nullable String typed) {
    Comparator<ContainerInfo> byId = Comparator.comparingInt(ContainerInfo::ctid);
    if (typed == null) {
      return byId;
    }
    boolean reversed = typed.startsWith("-");
    Comparator<ContainerInfo> order =
        ContainerColumn.named(reversed ? typed.substring(1) : typed).order();
    return (reversed ? order.reversed() : order).thenComparing(byId);
  }

  /** The daemon's own objects, so that what is newer than this console is there too. */
  static JsonNode ordered(JsonNode answer, List<ContainerInfo> shown) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    for (ContainerInfo c : shown) {
      answer.valueStream().filter(n -> n.path("ctid").asInt(0) == c.ctid()).forEach(array::add);
    }
    return array;
  }
}
