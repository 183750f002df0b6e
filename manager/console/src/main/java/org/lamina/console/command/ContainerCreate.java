package org.lamina.console.command;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.OperationInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Parsed;
import org.lamina.console.line.Source;
import org.lamina.console.line.Words;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.schema.Ctid;
import org.lamina.schema.DiskLimits;

/** {@code container create}; without a CTID it asks for everything. */
final class ContainerCreate extends ConsoleCommand {
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.CONTAINERS,
              "container create",
              "make a container from a template",
              "create")
          .operands("[CTID]", 0, 1, Source.NOTHING)
          .options(
              OptionSpec.value("--ostemplate", "NAME", Source.TEMPLATES, "template to depend on"),
              OptionSpec.value("--hostname", "NAME", "host name inside"),
              OptionSpec.value("--name", "NAME", "a name that works wherever the CTID does"),
              OptionSpec.value("--description", "TEXT", "for people"),
              OptionSpec.value("--config", "SAMPLE", "limits from ve-SAMPLE.conf-sample"),
              OptionSpec.value("--diskspace", "SIZE[:SIZE]", "disk, soft and hard limit: 10G"),
              OptionSpec.value("--diskinodes", "N[:N]", "files, soft and hard limit"),
              OptionSpec.flag("--privileged", "no user namespace: root inside is root outside"))
          .options(NetworkOptions.GIVING)
          .options(CommandSpec.JSON)
          .notes("Without a CTID it asks, and proposes what is usual.")
          .examples(
              "container create",
              "create 101 --ostemplate debian-12 --hostname web1 --ipadd 10.0.0.2");

  private final Toolbox tools;

  ContainerCreate(Toolbox tools) {
    super(SPEC, tools.surroundings());
    this.tools = tools;
  }

  /** Limits in bytes and numbers of files; -1 is unlimited. */
  record NewDisk(
      @Nullable Long space,
      @Nullable Long softSpace,
      @Nullable Long inodes,
      @Nullable Long softInodes) {
    static @Nullable NewDisk read(Parsed in) {
      String space = in.get("--diskspace");
      String inodes = in.get("--diskinodes");
      if (space == null && inodes == null) {
        return null;
      }
      DiskLimits limits =
          DiskLimits.of(
              space == null ? null : DiskLimits.space(space),
              inodes == null ? null : DiskLimits.inodes(inodes),
              null);
      return new NewDisk(
          number(limits.space()),
          number(limits.softSpace()),
          number(limits.inodes()),
          number(limits.softInodes()));
    }

    static @Nullable String pair(@Nullable Long soft, @Nullable Long hard, String unit) {
      return soft == null || hard == null ? null : text(soft, unit) + ":" + text(hard, unit);
    }

    private static String text(long value, String unit) {
      return value < 0 ? "unlimited" : value + unit;
    }

    private static @Nullable Long number(@Nullable Long value) {
      return value == null || value != Long.MAX_VALUE ? value : Long.valueOf(-1);
    }
  }

  /**
   * What the API wants to know; null takes the host's default.
   *
   * @param sample name of a sample configuration
   */
  record NewContainer(
      int ctid,
      @Nullable String template,
      @Nullable String hostname,
      @Nullable String name,
      @Nullable String description,
      @Nullable String sample,
      boolean privileged,
      NetworkOptions.@Nullable NewNetwork network,
      @Nullable NewDisk disk) {
    /** The command line that asks for the same. */
    String commandLine() {
      Map<String, @Nullable String> options = new LinkedHashMap<>();
      options.put("--ostemplate", template);
      options.put("--hostname", hostname);
      options.put("--name", name);
      options.put("--description", description);
      options.put("--config", sample);
      if (network != null) {
        options.putAll(network.asOptions());
      }
      if (disk != null) {
        options.put("--diskspace", NewDisk.pair(disk.softSpace(), disk.space(), "B"));
        options.put("--diskinodes", NewDisk.pair(disk.softInodes(), disk.inodes(), ""));
      }
      StringBuilder line = new StringBuilder("container create ").append(ctid);
      options.forEach((option, value) -> {
        if (value != null) {
          line.append(' ').append(option).append(' ');
          line.append(Words.quote(value));
        }
      });
      return line.append(privileged ? " --privileged" : "").toString();
    }
  }

  @Override
  protected int run(CommandCall call) {
    if (call.in().operands().isEmpty()) {
      return new CreateWizard(tools, call).run(call.in());
    }
    return create(tools, call, wanted(call.in(), Ctid.parse(call.in().operand(0))));
  }

  static NewContainer wanted(Parsed in, Ctid ctid) {
    return new NewContainer(
        ctid.value(),
        in.get("--ostemplate"),
        in.get("--hostname"),
        in.get("--name"),
        in.get("--description"),
        in.get("--config"),
        in.has("--privileged"),
        NetworkOptions.read(in),
        NewDisk.read(in));
  }

  static int create(Toolbox tools, CommandCall call, NewContainer wanted) {
    OperationInfo begun = tools.daemon().submit("POST", "/v1/containers", wanted);
    try {
      return new Follower(tools, call).follow(begun);
    } finally {
      tools.vocabulary().forget();
    }
  }
}
