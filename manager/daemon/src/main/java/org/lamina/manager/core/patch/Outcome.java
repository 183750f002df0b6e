package org.lamina.manager.core.patch;

/** How a roll-out ended for one container. */
public enum Outcome {
  /** It is on the generation. */
  DONE("done"),
  /** It was there before. */
  CURRENT("already there"),
  /** It runs on the generation and its health is not known yet; only while a roll-out runs. */
  CHECKING("being checked"),
  /** It will move later: at its next start, or when it is tried again. */
  PENDING("pending"),
  PINNED("pinned"),
  /** Moving it would not close the holes; it was left alone. */
  VULNERABLE("still vulnerable"),
  /** It failed and is back on the generation it came from. */
  UNDONE("failed, undone"),
  /** It failed and could not be brought back; the next start of the daemon tries again. */
  FAILED("failed"),
  /** The roll-out stopped before it. */
  UNTRIED("not tried");

  private final String text;

  Outcome(String text) {
    this.text = text;
  }

  /** For people. */
  public String text() {
    return text;
  }

  /** Whether it counts against the failure budget. */
  public boolean failed() {
    return this == UNDONE || this == FAILED;
  }

  /** Whether the container has not what the template has. */
  public boolean behind() {
    return this != DONE && this != CURRENT && this != CHECKING;
  }

  /** Whether a resumed roll-out has nothing more to do with it. */
  boolean settled() {
    return this != CHECKING && this != UNTRIED;
  }
}
