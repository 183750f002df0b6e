package org.lamina.console.command;

import java.util.List;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.client.Daemon;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Parsed;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Options of patching, as vzpkg spells them, and containers as it takes them. */
final class PatchOptions {
  static final OptionSpec TO =
      OptionSpec.value("--to", "N", "generation to reach instead of the newest");

  static final OptionSpec[] UPDATE = {
    OptionSpec.flag("--security", "only security updates"),
    OptionSpec.value("--package", "P[=V],...", "only these packages and what they need")
  };

  static final OptionSpec[] MOVING = {
    TO,
    OptionSpec.flag("--live", "let running containers run on, which is the default"),
    OptionSpec.flag("--restart", "restart running containers"),
    OptionSpec.flag("--next-start", "move running containers when they start the next time"),
    OptionSpec.value("--waves", "LIST", "how many are done after each wave: 1,10%,100%"),
    OptionSpec.value("--max-failures", "N", "containers that may fail before it stops"),
    OptionSpec.value("--health", "CMD", "command line inside that must answer 0"),
    OptionSpec.value("--timeout", "SECONDS", "to get ready after a restart, 120 by default"),
    OptionSpec.choice(
        "--restart-services",
        "HOW",
        List.of("auto", "never", "list"),
        "services that run old code"),
    CommandSpec.YES,
    CommandSpec.JSON
  };

  private PatchOptions() {}

  /** The option as words for vzpkg, if it was given; that it agrees is the console's own matter. */
  static List<String> given(OptionSpec option, Parsed in) {
    String value = in.get(option.name());
    if (value == null || option.equals(CommandSpec.YES)) {
      return List.of();
    }
    String word = option.equals(CommandSpec.JSON) ? "-j" : option.name();
    return option.takesValue() ? List.of(word, value) : List.of(word);
  }

  /**
   * The ids of those of the selector's containers that depend on the template.
   *
   * @throws LaminaException BAD_PARAMETER if there are none
   */
  static List<String> containers(String template, String selector, Daemon daemon) {
    List<String> ids =
        Chosen.of(selector, daemon).stream()
            .filter(c -> c.template().equals(template))
            .map(ContainerInfo::ctid)
            .map(String::valueOf)
            .toList();
    if (ids.isEmpty()) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "none of " + selector + " depends on template " + template,
          "Who does is shown by: container list template:" + template);
    }
    return ids;
  }
}
