package org.lamina.templates.patch.rpm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.schema.Printable;
import org.lamina.templates.patch.Outdated;
import org.lamina.templates.patch.Remaining;
import org.lamina.templates.patch.merge.Stance;

/** What a container's own package operations mean for an update, in words. */
final class RpmFindings {
  private final List<Remaining> remaining = new ArrayList<>();
  private final List<Remaining> blockers = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final List<Outdated> outdated = new ArrayList<>();
  private final String inside;
  private final String installer;

  /**
   * @param installer the command that installs packages inside: dnf, yum
   */
  RpmFindings(Ctid ctid, String installer) {
    this.inside = "vzctl exec " + ctid + " ";
    this.installer = installer;
  }

  /** The database cannot be read, or says that rpm did not end. */
  void damaged(String what, String wayOut) {
    blockers.add(
        new Remaining(
            "package database",
            Printable.shorten(what, 300),
            inside + wayOut + ", then plan again"));
  }

  void twice(HeaderList.Installed one) {
    blockers.add(
        new Remaining(
            one.name() + " " + one.evr().text(),
            "another version of it is installed as well, as after an interrupted upgrade",
            inside + installer + " remove --duplicates, then plan again"));
  }

  void packages(DatabaseMerge merge, int to) {
    Map<String, HeaderList.Installed> mine = merge.keys().mine();
    merge
        .keys()
        .next()
        .forEach((key, offered) -> {
          HeaderList.@Nullable Installed own = mine.get(key);
          if (own != null && own.evr().compareTo(offered.evr()) < 0) {
            outdated(own.name(), own.evr().text());
          }
        });
    merge.stances().forEach((key, stance) -> one(stance, mine.get(key), merge.keys(), key, to));
  }

  void outdated(String name, String version) {
    outdated.add(new Outdated(name, version, upgrade(name)));
  }

  private String upgrade(String name) {
    return inside + installer + " upgrade " + name;
  }

  private void one(
      Stance stance,
      HeaderList.@Nullable Installed own,
      DatabaseMerge.Keys keys,
      String key,
      int to) {
    HeaderList.@Nullable Installed next = keys.next().get(key);
    String offers = "generation " + to + (next == null ? " has none" : " has " + next.evr().text());
    if (own == null) {
      if (stance == Stance.ABSENT && next != null) {
        notes.add(next.name() + ": removed inside, so it stays removed");
      }
      return;
    }
    String name = own.name();
    String version = own.evr().text();
    switch (stance) {
      case FOLLOWS, ABSENT -> {}
      case SAME -> notes.add(name + ": the container installed " + version + " itself already");
      case OWN_NEWER ->
          notes.add(name + ": stays at the container's own " + version + "; " + offers);
      case OWN_OLDER ->
          remaining.add(
              new Remaining(
                  name + " " + version,
                  "the container installed this version itself; " + offers,
                  upgrade(name)));
      case HELD ->
          remaining.add(
              new Remaining(
                  name + " " + version,
                  "locked or excluded inside the container; " + offers,
                  unlock(name) + ", then " + upgrade(name)));
    }
  }

  private String unlock(String name) {
    return inside
        + installer
        + " versionlock delete "
        + name
        + ", or take it out of exclude in its settings";
  }

  /**
   * Needs that the update would leave unmet.
   *
   * @param lacks by package, in rpm's words
   */
  void lacking(Set<RpmTool.Lack> lacks, DatabaseMerge merge) {
    List<String> held =
        merge.stances().entrySet().stream()
            .filter(e -> e.getValue() == Stance.HELD)
            .map(e -> e.getKey())
            .toList();
    for (RpmTool.Lack lack : lacks) {
      String culprit =
          merge.chosen().stream()
              .filter(c -> c.what().nevra().equals(lack.nevra()))
              .map(c -> c.what().name())
              .findFirst()
              .orElse(lack.nevra());
      HeaderList.@Nullable Installed own =
          merge.keys().mine().values().stream()
              .filter(p -> p.name().equals(culprit))
              .findFirst()
              .orElse(null);
      String said = Printable.shorten(lack.what(), 300);
      blockers.add(
          new Remaining(
              own == null ? lack.nevra() : culprit + " " + own.evr().text(),
              "after the update " + said,
              held.isEmpty()
                  ? upgrade(culprit) + ", then plan again"
                  : unlock(String.join(" ", held)) + ", then plan again"));
    }
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

  List<Outdated> outdated() {
    return List.copyOf(outdated);
  }
}
