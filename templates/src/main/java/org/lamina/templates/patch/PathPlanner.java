package org.lamina.templates.patch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;

/** Decides about each changed path of one container. Not thread safe. */
final class PathPlanner {
  private static final int LONGEST_TABLE = 64 << 20;

  private final TemplateTree base;
  private final TemplateTree next;
  private final PackageFamily.View view;
  private final DeltaTree delta;
  private final DeltaContent content;
  private final Findings findings;
  private final boolean back;
  private final Realiser realiser;
  private final HiddenPaths hidden;
  private final TypeChanges types;
  private final PackageDatabase database;

  PathPlanner(
      TemplateTree base,
      TemplateTree next,
      PackageFamily.View view,
      DeltaTree delta,
      DeltaContent content,
      Move move,
      boolean back,
      Findings findings) {
    this.back = back;
    this.base = base;
    this.next = next;
    this.view = view;
    this.delta = delta;
    this.content = content;
    this.findings = findings;
    this.realiser = new Realiser(delta, move, findings);
    this.hidden = new HiddenPaths(view, findings, realiser);
    this.database = view.database();
    this.types = new TypeChanges(base, delta, content, findings, realiser);
  }

  void decide(PathChange change) throws IOException {
    if (database.settled().contains(change.path())) {
      return;
    }
    Treatment treatment = view.treatment(change);
    @Nullable DeltaEntry hider = delta.hider(change.path());
    @Nullable DeltaEntry own = delta.at(change.path());
    if (treatment.kind() == Treatment.Kind.VOLATILE) {
      // A service may need its new directory for logs; anything more is not the update's business.
      boolean bare = own == null && hider == null && change.before() == null;
      if (bare && Likeness.isDirectory(change.after())) {
        realiser.bare(change, null);
      }
      return;
    }
    if (unwritable(change) && (own != null || hider != null)) {
      findings.remains(
          new Remaining(
              change.path(),
              "its name is no text, so only the package manager can renew it",
              view.repair(treatment.owner())));
      return;
    }
    Optional<String> elsewhere = view.diverted(change.path(), treatment.owner());
    if (elsewhere.isPresent()) {
      diverted(change, treatment, elsewhere.get());
      return;
    }
    if (Likeness.whole(change.before(), change.after())) {
      retimed(change, treatment, own, hider);
      return;
    }
    if (types.concerns(change)) {
      types.decide(change, treatment, hider);
      return;
    }
    if (treatment.kind() == Treatment.Kind.CONFIG && broughtBack(change, own)) {
      return;
    }
    if (own != null) {
      shadowed(change, treatment, own);
    } else if (hider != null && types.isRenewed(hider.path())) {
      realiser.uncovered(change, hider.path());
    } else if (hider != null) {
      hidden.decide(change, treatment, hider);
    } else if (treatment.kind() == Treatment.Kind.KEEP) {
      realiser.keepOld(change);
    } else {
      realiser.bare(change, view.override(change.path()).orElse(null));
    }
  }

  /** The same file at another time, which counts where a package manager checks it. */
  private void retimed(
      PathChange change, Treatment treatment, @Nullable DeltaEntry own, @Nullable DeltaEntry hider)
      throws IOException {
    boolean keeps = treatment.kind() == Treatment.Kind.KEEP;
    if (own == null && hider == null) {
      if (keeps) {
        realiser.keepOld(change);
      } else {
        realiser.bare(change, view.override(change.path()).orElse(null));
      }
    } else if (!keeps
        && own != null
        && Likeness.whole(content.describe(change.path()), change.after())) {
      realiser.take(change, null, "set the time of");
    }
  }

  private static boolean unwritable(PathChange change) {
    return (change.before() != null && change.before().escaped() != null)
        || (change.after() != null && change.after().escaped() != null);
  }

  void finish() {
    for (String path : database.made()) {
      findings.act(new Step.Make(path, database.maker()), "merge the update's changes into");
    }
    for (String path : database.gone()) {
      findings.act(new Step.Remove(path), "remove, as the new package database is without it,");
    }
    hidden.report();
  }

  private void shadowed(PathChange change, Treatment treatment, DeltaEntry own) throws IOException {
    if (treatment.kind() == Treatment.Kind.KEEP) {
      return;
    }
    if (own.kind() == DeltaEntry.Kind.WHITEOUT) {
      hidden.deleted(change, treatment);
      return;
    }
    @Nullable ManifestEntry mine = content.describe(change.path());
    if (mine == null) {
      realiser.bare(change, null);
      return;
    }
    findings.touch();
    if (Likeness.whole(mine, change.after())) {
      realiser.drop(change);
      return;
    }
    switch (treatment.kind()) {
      case DATABASE -> realiser.take(change, null, "take the new generation's");
      case MERGE -> merge(change, mine);
      case TOOL -> {
        if (Likeness.content(mine, change.before())) {
          realiser.take(change, null, "take the new generation's");
        } else {
          findings.act(
              new Step.Run(change.path(), view.tool(change.path())),
              "run " + String.join(" ", view.tool(change.path())) + " inside for");
        }
      }
      default -> file(change, treatment, mine);
    }
  }

  private void file(PathChange change, Treatment treatment, ManifestEntry mine) throws IOException {
    @Nullable ManifestEntry after = change.after();
    if (Likeness.content(mine, change.before())) {
      if (after == null) {
        realiser.take(change, null, "remove, as the update does,");
      } else if (Likeness.whole(mine, change.before())) {
        realiser.take(
            change, null, "uncover the new generation's (the container has a copy of the old)");
      } else {
        realiser.take(
            change,
            Attributes.merge(change.before(), mine, after),
            "renew, keeping the owner and mode the container set, of");
      }
      return;
    }
    if (after != null && Likeness.content(mine, after)) {
      Attributes merged = Attributes.merge(change.before(), mine, after);
      if (!merged.equals(Attributes.of(mine))) {
        realiser.take(change, merged, "set owner and mode of");
      }
      return;
    }
    edited(change, treatment);
  }

  /** The container's content is neither the old nor the new one. */
  private void edited(PathChange change, Treatment treatment) throws IOException {
    String path = change.path();
    boolean gone = change.after() == null;
    switch (treatment.kind()) {
      case CONFIG -> {
        if (gone) {
          removed(change);
        } else {
          configuration(change);
        }
      }
      case LINK -> findings.note(path, "set inside, so it stays:");
      case LOCAL -> {
        if (gone) {
          findings.note(path, "edited inside, so it stays though the update removes it:");
        } else {
          realiser.aside(change, path + ".lamina-dist");
          findings.remains(
              new Remaining(
                  path,
                  "both the container and the update changed it; the container's stays",
                  "inside: merge /" + path + ".lamina-dist into it"));
        }
      }
      default ->
          findings.remains(
              gone
                  ? new Remaining(
                      path,
                      "the update removes it, but the container has a version of its own",
                      "inside: rm /" + path)
                  : new Remaining(
                      path,
                      "the container has a version of its own that hides the new one",
                      view.repair(treatment.owner())));
    }
  }

  /** An edited one that the update removes. */
  private void removed(PathChange change) throws IOException {
    ConfigRule rule = view.configuration(change.path());
    if (rule.goneStays() || !isFile(content.describe(change.path()))) {
      findings.note(change.path(), "edited inside, so it stays though the update removes it:");
    } else {
      findings.act(new Step.Keep(rule.ownAside(), change.path()), "save the container's own at");
      findings.act(new Step.Remove(change.path()), "remove, as the update does,");
    }
  }

  /**
   * Going back undoes what {@link ConfigRule#ownAside} is for: the container's own version takes
   * its place again, if what the update had put there was not edited since.
   */
  private boolean broughtBack(PathChange change, @Nullable DeltaEntry own) throws IOException {
    String aside = view.configuration(change.path()).ownAside();
    @Nullable DeltaEntry saved = back && change.after() != null ? delta.at(aside) : null;
    if (saved == null || saved.kind() != DeltaEntry.Kind.FILE) {
      return false;
    }
    if (own != null && !Likeness.content(content.describe(change.path()), change.before())) {
      return false;
    }
    findings.act(new Step.Keep(change.path(), aside), "bring back the container's own version of");
    findings.act(new Step.Remove(aside), "remove what the update had put at");
    return true;
  }

  private static boolean isFile(@Nullable ManifestEntry entry) {
    return entry != null && entry.type().equals("file");
  }

  /** An edited one stays, with the new version beside it; what an earlier move put there goes. */
  private void configuration(PathChange change) throws IOException {
    ConfigRule rule = view.configuration(change.path());
    if (!rule.editedStays() && isFile(content.describe(change.path()))) {
      findings.act(new Step.Keep(rule.ownAside(), change.path()), "save the container's own at");
      findings.act(
          new Step.Put(change.path(), change.path(), null),
          "put the new version in place of the container's own");
      return;
    }
    String beside = rule.newAside();
    @Nullable ManifestEntry there = delta.at(beside) == null ? null : content.describe(beside);
    if (back && Likeness.content(there, change.before())) {
      findings.act(new Step.Remove(beside), "remove what the update had put at");
      findings.note(change.path(), "edited inside, so it stays:");
    } else {
      realiser.aside(change, beside);
      findings.note(change.path(), "edited inside, so it stays, the new version beside it:");
    }
  }

  private void merge(PathChange change, ManifestEntry mine) throws IOException {
    String path = change.path();
    if (Likeness.content(mine, change.before())) {
      realiser.takeContent(change, mine);
      return;
    }
    byte @Nullable [] bytes = content.read(path, LONGEST_TABLE);
    List<Remaining> clashes = new ArrayList<>();
    Optional<String> merged =
        bytes == null
            ? Optional.empty()
            : view.merge(
                path,
                table(base, change.before()),
                new String(bytes, StandardCharsets.ISO_8859_1),
                table(next, change.after()),
                clashes);
    clashes.forEach(findings::block);
    if (merged.isEmpty()) {
      findings.block(
          new Remaining(
              path,
              "the container's version is damaged, so the update's changes cannot be merged",
              "inside: repair or restore /" + path));
    } else if (!merged
        .get()
        .equals(new String(Objects.requireNonNull(bytes), StandardCharsets.ISO_8859_1))) {
      findings.act(new Step.Write(path, merged.get()), "merge the update's changes into");
    }
  }

  private static String table(TemplateTree tree, @Nullable ManifestEntry entry) throws IOException {
    return entry == null || !entry.type().equals("file")
        ? ""
        : new String(tree.read(entry.path().substring(1)), StandardCharsets.ISO_8859_1);
  }

  /** The container moved a package's file elsewhere, and there the new version goes. */
  private void diverted(PathChange change, Treatment treatment, String target) throws IOException {
    findings.touch();
    boolean keeps = treatment.kind() == Treatment.Kind.KEEP;
    if (delta.at(change.path()) == null && delta.hider(change.path()) == null) {
      realiser.keepOld(change);
      if (!keeps) {
        findings.remains(
            new Remaining(
                change.path(),
                "the container diverted the package's file to /"
                    + target
                    + " but left the old one in its place",
                view.undivert(change.path())));
      }
    }
    if (keeps) {
      return;
    }
    @Nullable ManifestEntry mine = delta.at(target) == null ? null : content.describe(target);
    if (mine != null
        && !Likeness.content(mine, change.before())
        && !Likeness.content(mine, change.after())) {
      findings.remains(
          new Remaining(
              target,
              "the container has a version of its own that hides the new one",
              view.repair(treatment.owner())));
    } else if (change.after() == null) {
      findings.act(new Step.Remove(target), "remove the diverted");
    } else if (!Likeness.whole(mine, change.after())) {
      findings.act(new Step.Put(target, change.path(), null), "renew the diverted");
    }
  }
}
