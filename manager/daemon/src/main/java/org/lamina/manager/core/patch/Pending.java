package org.lamina.manager.core.patch;

/** A container that cannot be moved now and was not touched; another time it can. */
final class Pending extends RuntimeException {
  private static final long serialVersionUID = 1;

  Pending(String why) {
    super(why, null, false, false);
  }

  String why() {
    return String.valueOf(getMessage());
  }
}
