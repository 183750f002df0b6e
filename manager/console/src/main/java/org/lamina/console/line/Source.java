package org.lamina.console.line;

/** What a value or an operand names, and so where its completion comes from. */
public enum Source {
  NOTHING,
  CONTAINERS,
  RUNNING,
  STOPPED,
  /** Templates that are built. */
  TEMPLATES,
  /** Templates that could be built. */
  DEFINITIONS,
  OPERATIONS,
  /** Labels that containers have, as terms of a selector. */
  LABELS,
  COMMANDS
}
