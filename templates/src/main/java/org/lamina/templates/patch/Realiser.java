package org.lamina.templates.patch;

import org.jspecify.annotations.Nullable;
import org.lamina.templates.tree.ManifestEntry;

/**
 * Turns what shall be into steps, depending on what the container's layers hold and on what changes
 * below them by itself. Not thread safe.
 */
final class Realiser {
  private final DeltaTree delta;
  private final Move move;
  private final Findings findings;

  Realiser(DeltaTree delta, Move move, Findings findings) {
    this.delta = delta;
    this.move = move;
    this.findings = findings;
  }

  /** The container has nothing of its own there, so it shall have what the generation has. */
  void bare(PathChange change, @Nullable Attributes override) {
    @Nullable ManifestEntry after = change.after();
    if (after != null && override != null && !override.equals(Attributes.of(after))) {
      findings.act(
          new Step.Put(change.path(), change.path(), override),
          "renew, keeping the owner and mode the container set, of");
    } else if (!move.switches(change.path())) {
      findings.silently(
          after == null
              ? new Step.Remove(change.path())
              : new Step.Put(change.path(), change.path(), null));
    }
  }

  /** What hid the path makes way: by itself if pruned, else everything below is written anew. */
  void uncovered(PathChange change, String hider) {
    if (!canPrune(hider) && change.after() != null) {
      findings.silently(new Step.Put(change.path(), change.path(), null));
    } else {
      bare(change, null);
    }
  }

  /** The container goes on with what it sees now, though the layers below change. */
  void keepOld(PathChange change) {
    findings.touch();
    if (!move.switches(change.path())) {
      return;
    }
    if (change.before() != null) {
      findings.act(new Step.PutOld(change.path()), "keep the container's version of");
    } else {
      findings.act(
          new Step.Remove(change.path()), "leave out, as the container has its own package,");
    }
  }

  /** What the container has is what the generation has, so its copy is needless. */
  void drop(PathChange change) {
    if (canPrune(change.path())) {
      findings.act(new Step.Prune(change.path()), "drop the container's equal copy of");
    }
  }

  /** The generation's object takes the place of the container's. */
  void take(PathChange change, @Nullable Attributes attributes, String what) {
    @Nullable ManifestEntry after = change.after();
    @Nullable Attributes own =
        attributes != null && after != null && attributes.equals(Attributes.of(after))
            ? null
            : attributes;
    if (own == null && canPrune(change.path())) {
      findings.act(new Step.Prune(change.path()), what);
    } else if (after == null) {
      findings.act(new Step.Remove(change.path()), what);
    } else {
      findings.act(new Step.Put(change.path(), change.path(), own), what);
    }
  }

  /** As {@link #take}, with the owner and mode that the container set. */
  void takeContent(PathChange change, ManifestEntry mine) {
    @Nullable ManifestEntry after = change.after();
    take(
        change,
        after == null ? null : Attributes.merge(change.before(), mine, after),
        "take the new generation's");
  }

  /** Shows what a deletion in the container hides. */
  void undelete(PathChange change, String what) {
    if (change.after() != null) {
      findings.act(new Step.Put(change.path(), change.path(), null), what);
    }
  }

  /** The new version beside the container's. */
  void aside(PathChange change, String path) {
    findings.act(new Step.Put(path, change.path(), null), "put the new version at");
  }

  /** Whether the template's object shows once the container's is taken away. */
  boolean canPrune(String path) {
    return move.offline() && move.switches(path) && delta.hider(path) == null;
  }
}
