package org.lamina.console.command;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.lamina.console.line.CommandSpec;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.shell.Keyboard;

/** Every command there is. */
public final class Commands {
  private Commands() {}

  /**
   * @param version of this console
   */
  public static List<ConsoleCommand> all(
      Toolbox tools, Keyboard keyboard, Clock clock, String version) {
    List<ConsoleCommand> all = new ArrayList<>();
    all.add(new ContainerList(tools, clock));
    all.add(new ContainerShow(tools, clock));
    all.add(new ContainerCreate(tools));
    for (ContainerLifecycle.Verb verb : ContainerLifecycle.Verb.values()) {
      all.add(new ContainerLifecycle(tools, verb));
    }
    all.add(new ContainerDestroy(tools));
    all.add(new ContainerSet(tools));
    List.of("exec", "exec2", "exec3").forEach(kind -> all.add(new ContainerExec(tools, kind)));
    all.add(ContainerTerminal.enter(tools));
    all.add(ContainerTerminal.console(tools));
    all.add(new ContainerStat(tools));
    all.add(new Top(tools, keyboard));
    all.add(new ContainerStatus(tools));
    all.addAll(ContainerPin.all(tools));
    all.add(new TemplateList(tools, clock));
    all.add(new TemplateShow(tools, clock));
    all.add(TemplateWork.create(tools));
    all.add(TemplateWork.remove(tools));
    all.addAll(PatchReading.all(tools));
    all.addAll(PatchWork.all(tools));
    all.add(new OperationList(tools, clock));
    all.add(OperationWork.watch(tools));
    all.add(OperationWork.cancel(tools));
    all.add(new HostEvents(tools, clock));
    all.add(new HostShow(tools, version));
    all.add(new HostUsage(tools));
    all.add(new ScriptedCommand(tools, doctor(), "lamina", "doctor"));
    all.addAll(NetworkCommands.all(tools));
    all.add(Handover.backup(tools));
    all.add(new HostRecover(tools));
    all.add(new HostShutdown(tools));
    List.of("vzctl", "vzlist", "vzpkg", "vznetstat")
        .forEach(p -> all.add(Handover.scripted(tools, p)));
    all.add(new ClearScreen(tools));
    all.add(new HelpCommand(tools, () -> all.stream().map(ConsoleCommand::spec).toList()));
    return List.copyOf(all);
  }

  private static CommandSpec doctor() {
    return CommandSpec.of(
            CommandSpec.Group.HOST,
            "host doctor",
            "check what this host has of what containers need",
            "doctor")
        .notes("Exits 5 if something is missing without which containers cannot run.")
        .options(CommandSpec.JSON)
        .examples("host doctor", "doctor -j");
  }
}
