package org.lamina.manager.cli.vzctl;

import java.util.List;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;

/** Options and help of the {@link LifecycleCommand}s. */
final class LifecycleSpecs {
  private static final String NO_FSCK = "there is no disk image to check.";
  private static final String NO_REMOUNT = "starting never mounts a mounted container again.";
  private static final String KEEP = "a stopped container is always unmounted; use vzctl mount.";

  static final CommandSpec START =
      spec(
          List.of("start"),
          "start a container",
          starting(new OptionTable()),
          """
          Without --wait the command returns when init runs. --wait returns when init says that
          booting is over, or fails with 133 after 120 seconds; the container then keeps running.

          Examples:
            vzctl start 101 --wait
            vzctl start 101 --wait --timeout 300
          """);

  static final CommandSpec STOP =
      spec(
          List.of("stop"),
          "stop a container",
          stopping(new OptionTable()),
          """
          Init is asked to power off; what still runs after the stop timeout (vzctl set
          --stop-timeout, 120 seconds) is killed. Stopping a stopped container exits 0.

          Example:
            vzctl stop 101
          """);

  static final CommandSpec RESTART =
      spec(
          List.of("restart"),
          "stop a container if it runs, and start it",
          stopping(starting(new OptionTable())),
          """
          Example:
            vzctl restart web1 --wait
          """);

  static final CommandSpec DESTROY =
      spec(
          List.of("destroy", "delete"),
          "delete a stopped container and its files",
          new OptionTable(),
          """
          Refused while the container runs or is mounted. There is no way back.

          Example:
            vzctl destroy 101
          """);

  static final CommandSpec MOUNT =
      spec(
          List.of("mount"),
          "mount a stopped container's root for the host to look at",
          new OptionTable(),
          """
          The place is printed by: vzlist -o root CTID

          Example:
            vzctl mount 101
          """);

  static final CommandSpec UMOUNT =
      spec(
          List.of("umount", "unmount"),
          "undo mount",
          new OptionTable(),
          """
          Example:
            vzctl umount 101
          """);

  static final CommandSpec UNREGISTER =
      spec(
          List.of("unregister"),
          "forget a stopped container and keep its files",
          new OptionTable(),
          """
          The private area holds all that is needed to take it back with vzctl register.

          Example:
            vzctl unregister 101
          """);

  private LifecycleSpecs() {}

  private static OptionTable starting(OptionTable table) {
    return table
        .flag("return when init is ready", "--wait")
        .value("SECONDS", "how long --wait waits, 120 by default", "--timeout")
        .flag("start though the container is disabled", "--force")
        .ignored(NO_FSCK, "--skip-fsck")
        .ignored(NO_REMOUNT, "--skip-remount");
  }

  private static OptionTable stopping(OptionTable table) {
    return table.flag("kill at once", "--fast").later(KEEP, "--skip-umount");
  }

  private static CommandSpec spec(
      List<String> names, String summary, OptionTable options, String notes) {
    return new CommandSpec("vzctl", names, "CTID", summary, options, notes, Completion.CONTAINER);
  }
}
