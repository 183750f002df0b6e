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
      NetworkOptions.@Nullable NewNetwork network) {
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
        NetworkOptions.read(in));
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
