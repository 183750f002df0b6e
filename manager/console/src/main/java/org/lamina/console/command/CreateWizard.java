package org.lamina.console.command;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.client.OperationInfo;
import org.lamina.console.client.TemplateInfo;
import org.lamina.console.line.Parsed;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.view.Tint;
import org.lamina.schema.ContainerName;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.Hostname;
import org.lamina.schema.LaminaException;

/** Asks what a new container shall be, proposes what is usual, and shows the line to type. */
final class CreateWizard {
  private final Toolbox tools;
  private final CommandCall call;

  CreateWizard(Toolbox tools, CommandCall call) {
    this.tools = tools;
    this.call = call;
  }

  /**
   * @param given what the line has said already
   */
  int run(Parsed given) {
    if (!call.dialog().possible()) {
      throw new LaminaException(
          ExitCode.USAGE,
          "container create: no CTID is given",
          "Write: container create CTID --ostemplate NAME");
    }
    List<ContainerInfo> containers = tools.daemon().containers();
    Ctid ctid = ctid(containers);
    String template = given.get("--ostemplate");
    if (template == null) {
      template = template(tools.daemon().templates());
    }
    String hostname = given.get("--hostname");
    if (hostname == null) {
      hostname = checked("Host name", "ct" + ctid, text -> new Hostname(text).value());
    }
    String name = given.get("--name");
    if (name == null) {
      name = name(hostname, containers);
    }
    ContainerCreate.NewContainer wanted =
        new ContainerCreate.NewContainer(
            ctid.value(),
            template,
            hostname,
            name,
            given.get("--description"),
            given.get("--config"),
            given.has("--privileged"),
            NetworkOptions.read(given),
            ContainerCreate.NewDisk.read(given));
    call.note(Tint.FAINT, "The same in one line: " + wanted.commandLine());
    boolean start = call.dialog().confirm("Start it too?");
    int code = ContainerCreate.create(tools, call, wanted);
    if (code != 0 || !start) {
      return code;
    }
    OperationInfo begun =
        tools.daemon().submit("POST", "/v1/containers/" + ctid + "/start?waitSeconds=120");
    return new Follower(tools, call).follow(begun);
  }

  private Ctid ctid(List<ContainerInfo> containers) {
    Set<Integer> taken = new HashSet<>();
    containers.forEach(c -> taken.add(c.ctid()));
    int free = Ctid.MIN;
    while (taken.contains(free)) {
      free++;
    }
    String typed =
        checked(
            "CTID",
            Integer.toString(free),
            text -> {
              Ctid ctid = Ctid.parse(text);
              if (taken.contains(ctid.value())) {
                throw new LaminaException(ExitCode.BAD_PARAMETER, "container " + ctid + " exists");
              }
              return text;
            });
    return Ctid.parse(typed);
  }

  private String template(List<TemplateInfo> templates) {
    List<String> built =
        templates.stream().filter(t -> t.newest() != null).map(TemplateInfo::name).toList();
    if (built.isEmpty()) {
      throw new LaminaException(
          ExitCode.TEMPLATE_NOT_FOUND,
          "no template is built",
          "Build one first: template create debian-12");
    }
    return checked(
        "Template (" + String.join(", ", built) + ")",
        built.getLast(),
        text -> {
          if (!built.contains(text)) {
            throw new LaminaException(
                ExitCode.TEMPLATE_NOT_FOUND, "there is no built template " + text);
          }
          return text;
        });
  }

  private @Nullable String name(String hostname, List<ContainerInfo> containers) {
    String proposal = hostname.split("\\.", 2)[0];
    boolean taken = containers.stream().anyMatch(c -> proposal.equals(c.name()));
    String typed =
        checked(
            "Name (- for none)",
            taken ? "-" : proposal,
            text -> {
              if (containers.stream().anyMatch(c -> text.equals(c.name()))) {
                throw new LaminaException(ExitCode.NAME_FAILED, "the name " + text + " is taken");
              }
              return text.equals("-") ? text : new ContainerName(text).value();
            });
    return typed.equals("-") ? null : typed;
  }

  /** Text that is right, or an exception that says why not. */
  private interface Check {
    String apply(String text);
  }

  /** Asks again until the answer is right. */
  private String checked(String question, String proposal, Check check) {
    while (true) {
      String answer = call.dialog().ask(question, proposal);
      try {
        return check.apply(answer);
      } catch (LaminaException e) {
        call.note(Tint.WARN, e.text());
      }
    }
  }
}
