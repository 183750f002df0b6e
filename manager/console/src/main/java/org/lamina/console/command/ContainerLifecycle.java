package org.lamina.console.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Parsed;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code container start}, {@code stop}, {@code restart}, {@code mount} and {@code umount}. */
final class ContainerLifecycle extends ConsoleCommand {
  private static final String DEFAULT_WAIT = "120";
  private static final OptionSpec WAIT = OptionSpec.flag("--wait", "return when init is ready");
  private static final OptionSpec TIMEOUT =
      OptionSpec.value("--timeout", "SECONDS", "how long --wait waits, 120 by default");
  private static final OptionSpec FORCE =
      OptionSpec.flag("--force", "start though the container is disabled");
  private static final OptionSpec FAST = OptionSpec.flag("--fast", "kill at once");

  /** What is done, and how one says that it was. */
  enum Verb {
    START("start", "started", "start containers", Source.STOPPED),
    STOP("stop", "stopped", "stop containers", Source.RUNNING),
    RESTART("restart", "restarted", "stop containers that run, and start them", Source.CONTAINERS),
    MOUNT("mount", "mounted", "mount stopped containers for the host", Source.STOPPED),
    UMOUNT("umount", "unmounted", "undo mount", Source.STOPPED);

    private final String word;
    private final String done;
    private final String summary;
    private final Source source;

    Verb(String word, String done, String summary, Source source) {
      this.word = word;
      this.done = done;
      this.summary = summary;
      this.source = source;
    }

    CommandSpec spec() {
      return CommandSpec.of(CommandSpec.Group.CONTAINERS, "container " + word, summary, word)
          .operands("SELECTOR", 1, 1, source)
          .options(options())
          .notes("A SELECTOR is an id, a name, or several: 101-140,web*. See: help selectors")
          .examples("container " + word + " 101", word + " 101-140,web*");
    }

    private OptionSpec[] options() {
      List<OptionSpec> options = new ArrayList<>();
      if (this == START || this == RESTART) {
        options.addAll(List.of(WAIT, TIMEOUT, FORCE));
      }
      if (this == STOP || this == RESTART) {
        options.add(FAST);
      }
      options.add(CommandSpec.JSON);
      return options.toArray(OptionSpec[]::new);
    }
  }

  private final Toolbox tools;
  private final Verb verb;

  ContainerLifecycle(Toolbox tools, Verb verb) {
    super(verb.spec(), tools.surroundings());
    this.tools = tools;
    this.verb = verb;
  }

  @Override
  protected int run(CommandCall call) {
    String query = query(call.in());
    List<ContainerInfo> chosen = Chosen.of(call.in().operand(0), tools.daemon());
    return new Many(tools, call)
        .run(
            chosen,
            verb.done,
            c -> tools.daemon().submit("POST", Chosen.path(c) + "/" + verb.word + query));
  }

  /** The options as the API takes them. */
  static String query(Parsed in) {
    List<String> parameters = new ArrayList<>();
    String timeout = in.get("--timeout");
    if (timeout != null && !in.has(WAIT)) {
      throw new LaminaException(ExitCode.USAGE, "--timeout needs --wait", "Add --wait.");
    }
    if (in.has(WAIT)) {
      parameters.add("waitSeconds=" + seconds(timeout));
    }
    if (in.has(FORCE)) {
      parameters.add("force=true");
    }
    if (in.has(FAST)) {
      parameters.add("fast=true");
    }
    return parameters.isEmpty() ? "" : "?" + String.join("&", parameters);
  }

  private static String seconds(@Nullable String typed) {
    String text = typed == null ? DEFAULT_WAIT : typed;
    if (!text.matches("[1-9][0-9]{0,3}") || Integer.parseInt(text) > 3600) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "bad value for --timeout", "Write whole seconds from 1 to 3600.");
    }
    return text;
  }
}
