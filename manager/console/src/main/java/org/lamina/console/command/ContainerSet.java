package org.lamina.console.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.line.OptionSpec;
import org.lamina.console.line.Source;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** {@code container set}: vzctl's own options and rules, on as many containers as are meant. */
final class ContainerSet extends ConsoleCommand {
  private static final Set<String> NO_CHANGE = Set.of("--save", "--json");
  private static final CommandSpec SPEC =
      CommandSpec.of(
              CommandSpec.Group.CONTAINERS, "container set", "change limits and settings", "set")
          .operands("SELECTOR", 1, 1, Source.CONTAINERS)
          .options(SetOptions.LIMITS)
          .options(NetworkOptions.ALL)
          .options(SetOptions.SETTINGS)
          .options(SetOptions.KEPT)
          .options(SetOptions.SAVE, CommandSpec.JSON)
          .notes(
              """
              Changes a running container at once; --save keeps the change for the next start.
              Options that may be repeated take a list with commas as well.
              Lines with --userpasswd are not kept in the history.
              """)
          .examples(
              "set 101 --ram 512M --cpulimit 50 --save",
              "set web* --onboot yes --save",
              "set 101-140 --label env=prod --save",
              "set 101 --ipadd 10.0.0.2 --publish 8080:80 --save");

  private final Toolbox tools;

  ContainerSet(Toolbox tools) {
    super(SPEC, tools.surroundings());
    this.tools = tools;
  }

  @Override
  protected int run(CommandCall call) {
    if (call.in().options().keySet().stream().allMatch(NO_CHANGE::contains)) {
      throw new LaminaException(
          ExitCode.USAGE,
          "container set: there is nothing to change",
          "What can be changed is shown by: help container set");
    }
    List<ContainerInfo> chosen = Chosen.of(call.in().operand(0), tools.daemon());
    int first = 0;
    int failed = 0;
    for (ContainerInfo c : chosen) {
      if (chosen.size() > 1) {
        call.besideJson().line(call.screen().paint(Tint.STRONG, c.title()));
      }
      int code =
          tools
              .daemon()
              .scripted()
              .run(
                  "vzctl",
                  arguments(c, call),
                  new ScriptedOutput(call.besideJson(), chosen.size() > 1));
      first = first == 0 ? code : first;
      failed += code == 0 ? 0 : 1;
    }
    if (chosen.size() > 1) {
      String bad = failed == 0 ? "" : ", " + failed + " failed";
      call.note(failed == 0 ? Tint.STRONG : Tint.BAD, (chosen.size() - failed) + " changed" + bad);
    }
    tools.vocabulary().forget();
    if (call.json()) {
      call.print(Chosen.now(chosen, tools.daemon()));
    }
    return first;
  }

  /** In the order of the table, so that messages come in the same order everywhere. */
  private static List<String> arguments(ContainerInfo c, CommandCall call) {
    List<String> words = new ArrayList<>(List.of("set", Integer.toString(c.ctid())));
    for (OptionSpec option : SPEC.options()) {
      String value = call.in().get(option.name());
      if (value != null && !option.equals(CommandSpec.JSON)) {
        words.add(option.name());
        if (option.takesValue()) {
          words.add(value);
        }
      }
    }
    return words;
  }
}
