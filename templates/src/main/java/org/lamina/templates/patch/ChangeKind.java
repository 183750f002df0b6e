package org.lamina.templates.patch;

/** How a path differs between two generations. */
public enum ChangeKind {
  ADDED,
  CHANGED,
  REMOVED,
  /** A file became a directory, a directory a link and the like. */
  TYPE_CHANGED
}
