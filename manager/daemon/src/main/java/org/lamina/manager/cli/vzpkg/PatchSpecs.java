package org.lamina.manager.cli.vzpkg;

import java.util.List;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Option.Completion;
import org.lamina.manager.cli.OptionTable;

/** What the commands of patching are called and take. */
final class PatchSpecs {
  private static final String CONTAINERS = "TEMPLATE [CTID...]";

  static final CommandSpec UPDATE =
      spec(
          "update cache",
          "TEMPLATE",
          "build the next generation of a template; no container changes",
          json(packages(new OptionTable()).flag("only show what would change", "--dry-run")),
          """
          The distribution's package manager runs in a build container on the newest generation.
          Packages whose data a migration would touch, such as databases, stay and are listed.

          Examples:
            vzpkg update cache debian-12
            vzpkg update cache debian-12 --security --dry-run
            vzpkg update cache debian-12 --package libssl3,openssl
            vzpkg update cache debian-12 --run ./harden.sh
          """);

  static final CommandSpec PLAN =
      spec(
          "plan",
          CONTAINERS,
          "show what a roll-out would do to each container",
          json(to(new OptionTable())),
          """
          CLASS is clean, mergeable, diverged, pinned or current. Whatever would still be old
          afterwards is listed with the reason and the way out.

          Examples:
            vzpkg plan debian-12
            vzpkg plan debian-12 --to 3 101 102
          """);

  static final CommandSpec ROLLOUT =
      spec(
          "rollout",
          CONTAINERS,
          "move containers to a generation of their template",
          json(moving(new OptionTable())),
          """
          Running containers are moved without a restart where that is possible. Where something
          inside is in the way they are pending, never forced. A container that does not get well
          goes back by itself. Exit code 22: something is behind; 3: something failed. Processes
          that still run old code are named; only vzpkg status counts them as behind.

          Examples:
            vzpkg rollout debian-12
            vzpkg rollout debian-12 --restart --waves 1,10%,100% --health 'systemctl is-active nginx'
          """);

  static final CommandSpec PATCH =
      spec(
          "patch",
          CONTAINERS,
          "update cache, plan and rollout in one",
          json(moving(packages(new OptionTable())))
              .flag("do it; without this the plan is only shown", "--yes", "-y"),
          """
          Without --yes it tells what would change and, at a terminal, asks. Elsewhere it touches
          nothing and ends with exit code 20.

          Examples:
            vzpkg patch debian-12 --security
            vzpkg patch debian-12 --security --yes
          """);

  static final CommandSpec STATUS =
      spec(
          "status",
          "TEMPLATE",
          "show which containers are behind, and which processes run old code",
          json(new OptionTable()),
          """
          Exit code 22 when anything is behind, 0 when nothing is.

          Example:
            vzpkg status debian-12
          """);

  static final CommandSpec HISTORY =
      spec(
          "history",
          "TEMPLATE",
          "show the generations of a template and who is on each",
          json(new OptionTable()),
          """
          Example:
            vzpkg history debian-12
          """);

  static final CommandSpec ROLLBACK =
      spec(
          "rollback",
          CONTAINERS,
          "move containers back to an older generation",
          json(moving(new OptionTable())),
          """
          Without --to it is the generation before the newest one that a container has. What
          containers wrote since stays.

          Examples:
            vzpkg rollback debian-12
            vzpkg rollback debian-12 --to 2 101
          """);

  static final CommandSpec PIN =
      container(
          "pin",
          "keep a container out of roll-outs",
          """
          Example:
            vzpkg pin 101
          """);

  static final CommandSpec UNPIN =
      container(
          "unpin",
          "let a container follow its template again",
          """
          Example:
            vzpkg unpin 101
          """);

  static final CommandSpec GC =
      spec(
          "gc",
          "[TEMPLATE]",
          "remove generations that nobody needs",
          json(new OptionTable()),
          """
          The newest generation and the one before it stay, and so does what containers are on. One
          on which another lies becomes part of that one; its space is free once the containers
          that have it mounted, which are named, have been restarted.

          Example:
            vzpkg gc
          """);

  static final CommandSpec REPORT =
      new CommandSpec(
          "vzpkg",
          List.of("report"),
          "[RUN]",
          "show what a roll-out did to each container",
          json(new OptionTable().flag("list the runs that are kept", "--list")),
          """
          Without a number, the latest run.

          Examples:
            vzpkg report
            vzpkg report 7 -j
            vzpkg report --list
          """,
          Completion.NOTHING);

  private PatchSpecs() {}

  private static CommandSpec spec(
      String name, String operands, String summary, OptionTable options, String notes) {
    return new CommandSpec(
        "vzpkg", List.of(name), operands, summary, options, notes, Completion.TEMPLATE);
  }

  private static CommandSpec container(String name, String summary, String notes) {
    return new CommandSpec(
        "vzpkg",
        List.of(name),
        "CTID",
        summary,
        json(new OptionTable()),
        notes,
        Completion.CONTAINER);
  }

  private static OptionTable json(OptionTable table) {
    return table.flag("JSON", "-j", "--json");
  }

  private static OptionTable packages(OptionTable table) {
    return table
        .flag("only security updates", "--security")
        .value("P[=V],...", "only these packages and what they need", "--package")
        .value(
            "SCRIPT", "run this script in the build container instead", Completion.FILE, "--run");
  }

  private static OptionTable to(OptionTable table) {
    return table.value("N", "generation to reach instead of the newest", "--to");
  }

  private static OptionTable moving(OptionTable table) {
    return to(table)
        .flag("let running containers run on (the default)", "--live")
        .flag("restart running containers", "--restart")
        .flag("move running containers when they start the next time", "--next-start")
        .value("LIST", "how many are done after each wave (default 1,10%,100%)", "--waves")
        .value("N", "containers that may fail before it stops (default 0)", "--max-failures")
        .value("CMD", "command line inside that must answer 0", "--health")
        .value("S", "time to get ready after a restart (default 120)", "--timeout")
        .value("HOW", "auto, never or list (default auto)", "--restart-services");
  }
}
