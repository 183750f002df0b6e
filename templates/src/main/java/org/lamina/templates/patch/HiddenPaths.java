package org.lamina.templates.patch;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides about changed paths that the container deleted, or that lie below a directory which it
 * deleted, made anew or replaced. Not thread safe.
 */
final class HiddenPaths {
  private static final String PUT_IN_ANEW = "put in, though an older one was deleted inside,";

  private final PackageFamily.View view;
  private final Findings findings;
  private final Realiser realiser;
  private final Map<String, Group> groups = new TreeMap<>();

  /** Paths that one object of the container hides. */
  private static final class Group {
    private final DeltaEntry.Kind kind;
    private final TreeSet<String> paths = new TreeSet<>();
    private final TreeSet<String> owners = new TreeSet<>();

    Group(DeltaEntry.Kind kind) {
      this.kind = kind;
    }
  }

  HiddenPaths(PackageFamily.View view, Findings findings, Realiser realiser) {
    this.view = view;
    this.findings = findings;
    this.realiser = realiser;
  }

  /** The path itself is deleted in the container. */
  void deleted(PathChange change, Treatment treatment) {
    findings.touch();
    String path = change.path();
    if (change.after() == null) {
      realiser.drop(change);
      return;
    }
    switch (treatment.kind()) {
      case DATABASE -> realiser.undelete(change, "take the new generation's");
      case TOOL -> {
        if (change.before() == null) {
          // The generation it comes from has nothing there either, as after a live move away.
          realiser.undelete(change, "take the new generation's");
        } else {
          findings.act(
              new Step.Run(path, view.tool(path)),
              "run " + String.join(" ", view.tool(path)) + " inside for");
        }
      }
      case MERGE ->
          findings.block(
              new Remaining(
                  path, "the container deleted it", "inside: restore /" + path + " from a backup"));
      case CONFIG -> {
        if (change.before() == null) {
          realiser.take(change, null, PUT_IN_ANEW);
        } else if (view.configuration(path).deletedStays()) {
          findings.note(path, "deleted inside, so it stays deleted:");
        } else {
          realiser.take(change, null, "put in, as the package manager does with a missing one,");
        }
      }
      default -> {
        if (change.before() != null || view.isDocumentation(path)) {
          findings.note(path, "deleted inside, so it stays deleted:");
        } else {
          // What was deleted is nothing the container could miss, such as what a move took away.
          realiser.take(change, null, PUT_IN_ANEW);
        }
      }
    }
  }

  /**
   * @param hider what lies above the path in the container's layers
   */
  void decide(PathChange change, Treatment treatment, DeltaEntry hider) {
    boolean keeps = treatment.kind() == Treatment.Kind.KEEP;
    if (change.after() == null || keeps) {
      return;
    }
    findings.touch();
    if (hider.kind() == DeltaEntry.Kind.OPAQUE_DIRECTORY) {
      if (change.before() == null || treatment.kind() == Treatment.Kind.DATABASE) {
        realiser.undelete(
            change, "put in, because the container made the directory /" + hider.path() + " anew,");
      } else {
        findings.note(change.path(), "deleted inside, so it stays deleted:");
      }
      return;
    }
    boolean deleted = hider.kind() == DeltaEntry.Kind.WHITEOUT;
    if (Likeness.isDirectory(change.after())) {
      return;
    }
    if (deleted && (change.before() != null || view.isDocumentation(change.path()))) {
      findings.note(hider.path(), "deleted inside with all below, so it stays deleted:");
      return;
    }
    Group group = groups.computeIfAbsent(hider.path(), k -> new Group(hider.kind()));
    group.paths.add(change.path());
    @Nullable String owner = treatment.owner();
    if (owner != null) {
      group.owners.add(owner);
    }
  }

  /** One line per hiding object, however much it hides. */
  void report() {
    groups.forEach((hider, group) -> {
      String count = group.paths.size() + (group.paths.size() == 1 ? " path" : " paths");
      String reason =
          group.kind == DeltaEntry.Kind.WHITEOUT
              ? "the container deleted the directory, and the update has "
                  + count
                  + " more below it, such as "
                  + group.paths.first()
              : "the container has something else in place of the directory, so "
                  + count
                  + " of the update cannot be reached, such as "
                  + group.paths.first();
      String repair = view.repair(group.owners.isEmpty() ? null : String.join(" ", group.owners));
      findings.remains(
          new Remaining(
              hider,
              reason,
              group.kind == DeltaEntry.Kind.WHITEOUT
                  ? repair
                  : "inside: make /" + hider + " a directory again, then " + repair));
    });
  }
}
