package org.lamina.manager.cli.vznetstat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Traffic;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Columns;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Json;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;
import org.lamina.manager.cli.Parsed;
import org.lamina.manager.cli.Program;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * {@code vznetstat}: bytes and packets of running containers, as they see them. The original counts
 * by classes of peers; here there is one, which its scripts know as class 1.
 */
public final class Vznetstat implements Program {
  private static final int CLASS = 1;
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vznetstat",
          List.of("vznetstat"),
          "",
          "show what containers received and sent",
          new OptionTable()
              .values("CTID", "this container only; repeatable", "-v", "--veid")
              .flag("JSON", "-j", "--json"),
          """
          Counted since the container was connected, over all its interfaces but those moved in
          from the host.

          Example:
            vznetstat -v 101
          """,
          Completion.CONTAINER);

  private final ContainerService containers;

  public Vznetstat(ContainerService containers) {
    this.containers = containers;
  }

  @Override
  public String name() {
    return "vznetstat";
  }

  @Override
  public List<CommandSpec> commands() {
    return List.of(SPEC);
  }

  @Override
  public int run(Call call) {
    if (call.args().contains("--help")) {
      call.out().out(SPEC.help());
      return ExitCode.OK.code();
    }
    Parsed parsed = SPEC.options().parse("vznetstat", call.args()).atMost(0, "vznetstat");
    List<ContainerView> shown = new ArrayList<>();
    if (parsed.has("-v")) {
      for (String reference : parsed.all("-v")) {
        Optional<ContainerView> view = containers.lookup(reference);
        shown.add(
            view.orElseThrow(() ->
                new LaminaException(
                    ExitCode.NO_CONTAINER_CONFIG,
                    "Container " + Printable.shorten(reference, 40) + " does not exist")));
      }
    } else {
      shown.addAll(containers.list());
    }
    shown.removeIf(v -> traffic(v) == null);
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(shown.stream().map(Vznetstat::json).toList()));
    } else {
      call.out().out(table(shown));
    }
    return ExitCode.OK.code();
  }

  private static @Nullable Traffic traffic(ContainerView view) {
    return view.network() == null ? null : view.network().traffic();
  }

  private static String table(List<ContainerView> shown) {
    Columns columns =
        new Columns(
            ">CTID",
            ">Net.Class",
            ">Input(bytes)",
            ">Input(pkts)",
            ">Output(bytes)",
            ">Output(pkts)");
    for (ContainerView view : shown) {
      Traffic t = traffic(view);
      if (t != null) {
        columns.row(
            view.container().ctid().toString(),
            Integer.toString(CLASS),
            Long.toString(t.receivedBytes()),
            Long.toString(t.receivedPackets()),
            Long.toString(t.sentBytes()),
            Long.toString(t.sentPackets()));
      }
    }
    return columns.render(true);
  }

  private static Map<String, @Nullable Object> json(ContainerView view) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    Traffic t = traffic(view);
    all.put("ctid", view.container().ctid().value());
    all.put("class", CLASS);
    all.put("input_bytes", t == null ? null : t.receivedBytes());
    all.put("input_packets", t == null ? null : t.receivedPackets());
    all.put("output_bytes", t == null ? null : t.sentBytes());
    all.put("output_packets", t == null ? null : t.sentPackets());
    return all;
  }
}
