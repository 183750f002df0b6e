package org.lamina.templates.patch.debian;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.templates.patch.GenerationDiff;
import org.lamina.templates.patch.Outdated;
import org.lamina.templates.patch.Remaining;
import org.lamina.templates.patch.merge.Stance;

/** What a container's own package operations mean for an update, in words. */
final class PackageFindings {
  private final List<Remaining> remaining = new ArrayList<>();
  private final List<Remaining> blockers = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Outdated> outdated = new ArrayList<>();
  private final Ctid ctid;

  PackageFindings(
      Ctid ctid,
      GenerationDiff diff,
      DpkgStatus mine,
      DpkgStatus next,
      Map<String, Stance> stances,
      Set<Dependencies.Problem> problems,
      List<String> damage) {
    this.ctid = ctid;
    for (String what : damage) {
      blockers.add(
          new Remaining("package database", what, "vzctl exec " + ctid + " dpkg --configure -a"));
    }
    next.packages()
        .forEach((key, offered) -> {
          @Nullable Stanza own = mine.packages().get(key);
          if (isOutdated(own, offered)) {
            outdated.add(
                new Outdated(
                    DpkgStatus.name(key), DpkgStatus.version(own), upgrade(DpkgStatus.name(key))));
          }
        });
    stances.forEach((key, stance) -> {
      @Nullable Stanza own = mine.packages().get(key);
      if (DpkgStatus.isBroken(own)) {
        blockers.add(
            new Remaining(
                DpkgStatus.name(key) + " " + DpkgStatus.version(own),
                "dpkg left it " + DpkgStatus.state(own),
                "vzctl exec " + ctid + " dpkg --configure -a"));
      }
      one(
          DpkgStatus.name(key),
          stance,
          DpkgStatus.version(own),
          DpkgStatus.version(next.packages().get(key)),
          diff.to());
    });
    problems.forEach(problem -> blockers.add(problem(problem, mine, stances, diff.to())));
  }

  private String upgrade(String name) {
    return "vzctl exec "
        + ctid
        + " 'apt-get update && apt-get install --only-upgrade "
        + name
        + "'";
  }

  private static boolean isOutdated(@Nullable Stanza own, @Nullable Stanza next) {
    return !Objects.equals(own, next)
        && !DpkgStatus.version(own).equals(DpkgStatus.version(next))
        && DpkgStatus.isInstalled(own)
        && DpkgStatus.isInstalled(next)
        && DebianVersion.compare(DpkgStatus.version(own), DpkgStatus.version(next)) < 0;
  }

  /** A need that the update would leave unmet, and what the container can do about it. */
  private Remaining problem(
      Dependencies.Problem problem, DpkgStatus mine, Map<String, Stance> stances, int to) {
    String culprit = problem.culprit();
    String own =
        mine.packages().entrySet().stream()
            .filter(e -> DpkgStatus.name(e.getKey()).equals(culprit))
            .map(e -> DpkgStatus.version(e.getValue()))
            .findFirst()
            .orElse(problem.version());
    List<String> held =
        stances.entrySet().stream()
            .filter(e -> e.getValue() == Stance.HELD)
            .map(e -> DpkgStatus.name(e.getKey()))
            .filter(name -> culprit.equals(name) || names(problem.need(), name))
            .distinct()
            .toList();
    String with =
        own.equals(problem.version())
            ? "it "
            : "its version " + problem.version() + " of generation " + to + " ";
    return new Remaining(
        culprit + " " + own,
        with
            + problem.need()
            + (held.isEmpty()
                ? ", which would not be so after the update"
                : ", and " + String.join(" ", held) + " is on hold inside"),
        held.isEmpty()
            ? "vzctl exec "
                + ctid
                + " 'apt-get update && apt-get install "
                + culprit
                + "', then plan again"
            : "vzctl exec "
                + ctid
                + " apt-mark unhold "
                + String.join(" ", held)
                + ", then plan again");
  }

  /** Whether a relation is about a package. */
  private static boolean names(String need, String name) {
    return List.of(need.split("[ ,|]+")).contains(name);
  }

  private void one(String name, Stance stance, String own, String next, int to) {
    String offers = "generation " + to + (next.isEmpty() ? " has none" : " has " + next);
    switch (stance) {
      case FOLLOWS -> {}
      case SAME -> notes.add(name + ": the container installed " + own + " itself already");
      case OWN_NEWER -> notes.add(name + ": stays at the container's own " + own + "; " + offers);
      case ABSENT -> notes.add(name + ": removed inside, so it stays removed");
      case OWN_OLDER ->
          remaining.add(
              new Remaining(
                  name + " " + own,
                  "the container installed this version itself; " + offers,
                  upgrade(name)));
      case HELD ->
          remaining.add(
              new Remaining(
                  name + " " + own,
                  "on hold inside the container; " + offers,
                  "vzctl exec "
                      + ctid
                      + " 'apt-mark unhold "
                      + name
                      + " && apt-get update && apt-get install --only-upgrade "
                      + name
                      + "'"));
    }
  }

  List<Outdated> outdated() {
    return List.copyOf(outdated);
  }

  List<Remaining> remaining() {
    return List.copyOf(remaining);
  }

  List<Remaining> blockers() {
    return List.copyOf(blockers);
  }

  List<String> notes() {
    return List.copyOf(notes);
  }
}
