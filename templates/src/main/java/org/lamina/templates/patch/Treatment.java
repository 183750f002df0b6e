package org.lamina.templates.patch;

import org.jspecify.annotations.Nullable;

/**
 * How a changed path is dealt with in one container.
 *
 * @param owner package it belongs to, for people; null if none
 */
public record Treatment(Kind kind, @Nullable String owner) {
  /** The rules there are. */
  public enum Kind {
    /** A package's or the template's file: the new one, unless the container edited its own. */
    FILE,
    /** The container has its own version of the package: nothing of it changes. */
    KEEP,
    /** A configuration file of a package: an edited one stays, with the new one beside it. */
    CONFIG,
    /** Configuration or state that no package owns: an edited one stays and is named. */
    LOCAL,
    /** A link kept by a tool of the distribution: a changed one stays. */
    LINK,
    /**
     * A part of the package database that says what the new generation says, unless {@link
     * PackageFamily.View#database} makes it.
     */
    DATABASE,
    /** A table that the family merges by record. */
    MERGE,
    /** Made by a tool from other files. */
    TOOL,
    /** Logs, caches, locks and what the host writes: the container's business alone. */
    VOLATILE
  }
}
