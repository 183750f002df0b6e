package org.lamina.manager.cli.vzctl;

import java.util.List;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.Command;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.ContainerView;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code vzctl set}. */
final class SetCommand implements Command {
  private static final CommandSpec SPEC =
      new CommandSpec(
          "vzctl",
          List.of("set"),
          "CTID --OPTION VALUE... [--save]",
          "change limits and settings, live",
          SetOptions.TABLE,
          """
          A running container is changed at once; --save keeps the change for later starts too.
          If a change cannot be applied, nothing is changed and nothing is saved. An empty value
          clears a text: --name "" --save. Limits of the disk and capabilities need --save;
          capabilities take effect at the next start, which --setmode restart makes at once.

          Examples:
            vzctl set 101 --ram 512M --swap 1G --save
            vzctl set 101 --cpulimit 50 --save
            vzctl set 101 --diskspace 10G --save
            vzctl set 101 --features tun:on --devnodes fuse:rw --save
            vzctl set 101 --ipadd 10.0.0.101 --ipadd fd00::101 --publish 8080:80 --save
            vzctl set 101 --ipdel all --ipadd 10.0.0.102 --save
            vzctl set 101 --label env=prod,tier=web --save
            vzctl set web1 --onboot yes --bootorder 10 --save
          """,
          Completion.CONTAINER);

  private final ContainerService containers;

  SetCommand(ContainerService containers) {
    this.containers = containers;
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public int run(Call call) {
    SetArguments asked = SetArguments.read(parse(call));
    Ctid ctid = containers.get(asked.container()).ctid();
    if (asked.changes()) {
      containers.set(ctid, asked.change(), asked.save(), call.listener());
      if (asked.restart() && find(ctid).status() == ContainerView.Status.RUNNING) {
        containers.restart(ctid, null, false, false, call.listener());
      }
    } else if (asked.save()) {
      call.listener().say("No changes in CT configuration, not saving");
    } else {
      throw new LaminaException(
          ExitCode.USAGE, "vzctl set: nothing to set is given", "See: vzctl set --help");
    }
    return ExitCode.OK.code();
  }

  private ContainerView find(Ctid ctid) {
    return containers.find(ctid.toString());
  }
}
