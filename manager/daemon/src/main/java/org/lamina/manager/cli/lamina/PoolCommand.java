package org.lamina.manager.cli.lamina;

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
import org.lamina.manager.core.NetworkService;
import org.lamina.manager.core.NetworkService.PoolView;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code lamina pool}: ranges that {@code --ipadd auto} takes addresses from. */
final class PoolCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "lamina",
          List.of("pool"),
          "create NAME RANGE | list | destroy NAME",
          "define ranges of addresses for --ipadd auto",
          new OptionTable().flag("JSON", "-j", "--json"),
          """
          RANGE is NETWORK/LENGTH or FIRST-LAST[/LENGTH], of IPv4 or IPv6.

          Examples:
            lamina pool create public 192.0.2.10-192.0.2.99
            vzctl set 101 --ipadd auto --save
            vzctl set 101 --ipadd auto:public --save
          """,
          Completion.NOTHING);

  private final NetworkService networks;

  PoolCommand(NetworkService networks) {
    this.networks = networks;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    Parsed parsed = parse(call).atMost(3, SPEC.title());
    List<String> operands = parsed.operands();
    String verb = operands.isEmpty() ? "list" : operands.getFirst();
    if (verb.equals("create") && operands.size() == 3) {
      var _ = networks.createPool(operands.get(1), operands.get(2), call.listener(parsed));
    } else if (verb.equals("destroy") && operands.size() == 2) {
      networks.destroyPool(operands.get(1), call.listener(parsed));
    } else if (verb.equals("list") && operands.size() <= 1) {
      list(call, parsed);
    } else {
      throw new LaminaException(
          ExitCode.USAGE, SPEC.title() + ": bad command line", "Write: " + SPEC.operands());
    }
    return ExitCode.OK.code();
  }

  private void list(Call call, Parsed parsed) {
    List<PoolView> all = networks.pools();
    if (parsed.has("-j")) {
      call.out().outLine(Json.array(all.stream().map(PoolCommand::json).toList()));
      return;
    }
    Columns columns = new Columns("NAME", "FIRST", "LAST", ">USED", ">SIZE");
    for (PoolView p : all) {
      columns.row(
          p.pool().name(),
          p.pool().range().first().text(),
          p.pool().range().last().text(),
          Long.toString(p.used()),
          p.size() == Long.MAX_VALUE ? "many" : Long.toString(p.size()));
    }
    call.out().out(columns.render(true));
  }

  private static Map<String, @Nullable Object> json(PoolView p) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    all.put("name", p.pool().name());
    all.put("first", p.pool().range().first().text());
    all.put("last", p.pool().range().last().text());
    all.put("prefix", p.pool().range().prefix());
    all.put("used", p.used());
    all.put("size", p.size());
    return all;
  }
}
