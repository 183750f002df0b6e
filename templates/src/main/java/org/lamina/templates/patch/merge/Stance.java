package org.lamina.templates.patch.merge;

/** How a container stands to a package that differs between two generations. */
public enum Stance {
  /** It has what the template has, so it gets what the template gets. */
  FOLLOWS,
  /** It installed the new version already. */
  SAME,
  /** It installed a version newer than the new generation's. */
  OWN_NEWER,
  /** It installed a version older than the new generation's. */
  OWN_OLDER,
  /** Removed or purged inside. */
  ABSENT,
  /** Put on hold inside, at the old generation's version. */
  HELD;

  /** Whether all files of the package stay as the container has them now. */
  public boolean keeps() {
    return this == OWN_NEWER || this == OWN_OLDER || this == HELD || this == ABSENT;
  }

  /** Whether an outdated version goes on being used. */
  public boolean remains() {
    return this == OWN_OLDER || this == HELD;
  }
}
