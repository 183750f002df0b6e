package org.lamina.templates.patch;

/** How a container relates to a new generation. */
public enum PlanClass {
  /** It is on the generation already. */
  CURRENT,
  /** Nothing it holds touches what changed. */
  CLEAN,
  /** What it holds merges by rule and nothing stays old. */
  MERGEABLE,
  /**
   * It upgraded, removed, holds or edited what the update changes. What then stays old, or must be
   * decided by a person first, is named; that may be nothing.
   */
  DIVERGED,
  /** The operator excluded it. */
  PINNED
}
