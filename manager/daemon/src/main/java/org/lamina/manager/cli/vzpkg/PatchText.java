package org.lamina.manager.cli.vzpkg;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.cli.Columns;
import org.lamina.manager.core.patch.ContainerReport;
import org.lamina.manager.core.patch.PatchService;
import org.lamina.manager.core.patch.ReportText;
import org.lamina.manager.core.patch.RolloutPlan;
import org.lamina.manager.core.patch.Run;
import org.lamina.manager.core.patch.RunReport;
import org.lamina.manager.core.patch.ServiceRestart;
import org.lamina.manager.core.patch.StaleProcess;
import org.lamina.manager.core.patch.TemplateStatus;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Ctid;
import org.lamina.schema.Printable;
import org.lamina.templates.UpdateResult;
import org.lamina.templates.patch.PackageChange;
import org.lamina.templates.patch.Remaining;

/** What the commands of patching print. Pure. */
final class PatchText {
  private PatchText() {}

  static String packages(List<PackageChange> packages) {
    Columns table = new Columns("PACKAGE", "ARCH", "FROM", "TO", "SECURITY");
    for (PackageChange p : packages) {
      table.row(
          p.name(), p.architecture(), dash(p.from()), dash(p.to()), p.security() ? "yes" : "-");
    }
    return packages.isEmpty() ? "No package changes\n" : table.render(true);
  }

  static String update(UpdateResult result) {
    StringBuilder out = new StringBuilder(packages(result.changes()));
    result
        .held()
        .forEach(h ->
            out.append("Held: ")
                .append(h.name())
                .append(' ')
                .append(h.installed())
                .append(", there is ")
                .append(h.available())
                .append(h.security() ? " (security)" : "")
                .append(": ")
                .append(h.reason())
                .append('\n'));
    switch (result.outcome()) {
      case PUBLISHED ->
          result
              .generation()
              .ifPresent(g ->
                  out.append("Generation ")
                      .append(g.number())
                      .append(" of template ")
                      .append(g.template())
                      .append(" was built: ")
                      .append(new ByteSize(result.layerBytes()).human())
                      .append(" on generation ")
                      .append(result.base())
                      .append('\n'));
      case NOTHING_TO_DO -> out.append("The template has the newest packages already\n");
      case DRY_RUN -> out.append("Nothing was built\n");
    }
    return out.toString();
  }

  static String plan(RolloutPlan plan) {
    Columns table = new Columns("CTID", ">GEN", ">TO", "RUNNING", "CLASS", ">ACTIONS", "STILL OLD");
    for (RolloutPlan.Planned p : plan.containers()) {
      table.row(
          p.ctid().toString(),
          Integer.toString(p.from()),
          Integer.toString(plan.to()),
          p.running() ? "yes" : "no",
          p.plan().planClass().name().toLowerCase(Locale.ROOT) + (p.blocked() ? " (blocked)" : ""),
          Integer.toString(p.plan().actions().size()),
          p.plan().remaining().isEmpty() ? "-" : Integer.toString(p.plan().remaining().size()));
    }
    StringBuilder out = new StringBuilder(packages(plan.packages())).append('\n');
    out.append(
        plan.containers().isEmpty()
            ? "No container depends on template " + plan.template() + "\n"
            : table.render(true));
    for (RolloutPlan.Planned p : plan.containers()) {
      remaining(out, p.ctid(), p.plan().remaining());
      p.plan()
          .notes()
          .forEach(n ->
              out.append("Container ").append(p.ctid()).append(": ").append(line(n)).append('\n'));
    }
    return out.toString();
  }

  /** What is old for one reason and has one way out is one line. */
  private static void remaining(StringBuilder out, Object ctid, List<Remaining> remaining) {
    Map<String, List<String>> whats = new LinkedHashMap<>();
    for (Remaining r : remaining) {
      whats
          .computeIfAbsent(line(r.reason()) + "; " + line(r.wayOut()), k -> new ArrayList<>())
          .add(line(r.what()));
    }
    whats.forEach((why, what) ->
        out.append("Container ")
            .append(ctid)
            .append(" still has ")
            .append(String.join(", ", what))
            .append(": ")
            .append(why)
            .append('\n'));
  }

  private static void stale(StringBuilder out, Object ctid, List<StaleProcess> stale) {
    for (StaleProcess s : stale) {
      out.append("Container ")
          .append(ctid)
          .append(" runs old code in ")
          .append(line(s.name()))
          .append(" (")
          .append(s.pid())
          .append(s.unit() == null ? "" : ", " + line(s.unit()))
          .append("): ")
          .append(line(String.join(" ", s.files())))
          .append("; ")
          .append(line(ServiceRestart.wayOut(ctid, s)))
          .append('\n');
    }
  }

  static String status(TemplateStatus status) {
    Columns table =
        new Columns("CTID", ">GEN", "RUNNING", "PINNED", ">NEXT", ">STILL OLD", ">OLD PROCESSES");
    StringBuilder tail = new StringBuilder();
    for (TemplateStatus.State c : status.containers()) {
      Integer next = c.next();
      table.row(
          c.ctid().toString(),
          Integer.toString(c.generation()),
          c.running() ? "yes" : "no",
          c.pinned() ? "yes" : "-",
          next == null ? "-" : next.toString(),
          Integer.toString(c.remaining().size()),
          Integer.toString(c.stale().size()));
      remaining(tail, c.ctid(), c.remaining());
      stale(tail, c.ctid(), c.stale());
    }
    long behind = status.containers().stream().filter(status::behind).count();
    return "Template "
        + status.template()
        + ": newest generation "
        + status.newest()
        + ", "
        + new ByteSize(status.templateBytes()).human()
        + "; "
        + behind
        + " of "
        + status.containers().size()
        + " containers behind\n"
        + (status.containers().isEmpty() ? "" : table.render(true))
        + tail;
  }

  static String history(List<PatchService.HistoryEntry> history) {
    Columns table = new Columns(">GEN", "CREATED", ">SIZE", ">PKGS", ">CHANGED", "FOR", "CTIDS");
    for (PatchService.HistoryEntry h : history) {
      var g = h.details().generation();
      table.row(
          Integer.toString(g.number()),
          TemplateText.minute(g.created()),
          new ByteSize(g.bytes()).human(),
          Integer.toString(g.packages()),
          Integer.toString(h.details().changes().size()),
          h.details().reason(),
          h.containers().isEmpty()
              ? "-"
              : h.containers().stream().map(Ctid::toString).collect(Collectors.joining(" ")));
    }
    return table.render(true);
  }

  static String runs(List<Run> runs) {
    Columns table = new Columns(">RUN", "STARTED", "ACTION", "TEMPLATE", ">TO", "STATE", "RESULT");
    for (Run run : runs) {
      Integer to = run.request().to();
      String message = run.message();
      table.row(
          Long.toString(run.id()),
          TemplateText.minute(run.started()),
          run.action(),
          run.request().template(),
          to == null ? "-" : to.toString(),
          run.state().name().toLowerCase(Locale.ROOT),
          message == null ? "-" : line(message));
    }
    return runs.isEmpty() ? "There was no roll-out yet\n" : table.render(true);
  }

  static String report(RunReport report) {
    StringBuilder out = new StringBuilder(report.headline()).append('\n');
    for (ContainerReport c : report.containers()) {
      out.append("Container ")
          .append(c.ctid())
          .append(": ")
          .append(line(ReportText.line(c)))
          .append('\n');
    }
    details(out, report);
    return out.toString();
  }

  /** What a listener of the run has not heard. */
  static String summary(RunReport report) {
    StringBuilder out = new StringBuilder();
    details(out, report);
    return out.append(report.headline()).append('\n').toString();
  }

  private static void details(StringBuilder out, RunReport report) {
    for (ContainerReport c : report.containers()) {
      remaining(out, c.ctid(), c.remaining());
      stale(out, c.ctid(), c.stale());
      c.notes()
          .forEach(n ->
              out.append("Container ").append(c.ctid()).append(": ").append(line(n)).append('\n'));
    }
  }

  private static String dash(@Nullable String text) {
    return text == null ? "-" : text;
  }

  /** What came out of a container must not move the operator's cursor. */
  private static String line(String text) {
    return Printable.shorten(text, 1000);
  }
}
