package org.lamina.templates.patch;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;

/**
 * Decides about directories: their owners and modes, and places where a directory becomes something
 * else or the reverse. A container with files of its own in such a place cannot be moved by a rule.
 * Not thread safe.
 */
final class TypeChanges {
  private final TemplateTree base;
  private final DeltaTree delta;
  private final DeltaContent content;
  private final Findings findings;
  private final Realiser realiser;
  private final Set<String> renewed = new HashSet<>();

  TypeChanges(
      TemplateTree base,
      DeltaTree delta,
      DeltaContent content,
      Findings findings,
      Realiser realiser) {
    this.base = base;
    this.delta = delta;
    this.content = content;
    this.findings = findings;
    this.realiser = realiser;
  }

  boolean concerns(PathChange change) {
    return Likeness.isDirectory(change.before()) || Likeness.isDirectory(change.after());
  }

  /** Whether the container's object at a path makes way, so that it hides nothing any more. */
  boolean isRenewed(String path) {
    return renewed.contains(path);
  }

  void decide(PathChange change, Treatment treatment, @Nullable DeltaEntry hider)
      throws IOException {
    @Nullable DeltaEntry own = delta.at(change.path());
    boolean typeChange =
        change.before() != null
            && change.after() != null
            && !change.before().type().equals(change.after().type());
    if (typeChange && treatment.kind() == Treatment.Kind.KEEP) {
      block(change, "the container keeps its own version of the package");
    } else if (own == null) {
      if (hider == null) {
        realiser.bare(change, null);
      }
    } else if (typeChange) {
      replaced(change, own);
    } else {
      directory(change, own);
    }
  }

  /** Its mode or owner changed, or it is new, or it is gone, and the container has it too. */
  private void directory(PathChange change, DeltaEntry own) throws IOException {
    @Nullable ManifestEntry after = change.after();
    @Nullable ManifestEntry before = change.before();
    @Nullable ManifestEntry mine = content.describe(change.path());
    if (after == null || mine == null || own.kind() == DeltaEntry.Kind.WHITEOUT || before == null) {
      // Gone: what the container keeps in it needs it. New: files below tell if it is in the way.
      return;
    }
    if (!Likeness.isDirectory(mine)) {
      return;
    }
    Attributes merged = Attributes.merge(before, mine, after);
    if (!merged.equals(Attributes.of(mine))) {
      findings.act(new Step.Put(change.path(), change.path(), merged), "set owner and mode of");
    }
  }

  private void replaced(PathChange change, DeltaEntry own) throws IOException {
    findings.touch();
    if (own.kind() == DeltaEntry.Kind.WHITEOUT) {
      findings.note(change.path(), "deleted inside, so it stays deleted:");
      return;
    }
    if (Likeness.isDirectory(change.before())) {
      for (DeltaEntry below : delta.below(change.path())) {
        if (isOwn(below)) {
          block(change, "the container has files of its own below it, such as " + below.path());
          return;
        }
      }
      // One that hides what lower layers have: a live move that made it left it so.
      if (own.kind() == DeltaEntry.Kind.DIRECTORY
          || own.kind() == DeltaEntry.Kind.OPAQUE_DIRECTORY) {
        renew(change);
        return;
      }
    }
    ofOtherType(change);
  }

  /** A file or link of the container, where the update has or had a directory. */
  private void ofOtherType(PathChange change) throws IOException {
    @Nullable ManifestEntry mine = content.describe(change.path());
    if (Likeness.content(mine, change.after())) {
      realiser.drop(change);
    } else if (Likeness.content(mine, change.before())) {
      renew(change);
    } else {
      block(change, "the container has something of its own in its place");
    }
  }

  private void renew(PathChange change) {
    renewed.add(change.path());
    realiser.take(change, null, "replace, as its type changes,");
  }

  /** Whether an entry is more than a deletion or a copy of what the old generation has. */
  private boolean isOwn(DeltaEntry entry) throws IOException {
    return switch (entry.kind()) {
      case DIRECTORY, OPAQUE_DIRECTORY, WHITEOUT -> false;
      case FILE, SYMLINK, OTHER ->
          !Likeness.whole(content.describe(entry.path()), base.find(entry.path()));
    };
  }

  private void block(PathChange change, String why) {
    String before = change.before() == null ? "nothing" : change.before().type();
    String after = change.after() == null ? "nothing" : change.after().type();
    findings.block(
        new Remaining(
            change.path(),
            "the update turns a " + before + " into a " + after + ", but " + why,
            "inside: move /" + change.path() + " aside, then plan again"));
  }
}
