package org.lamina.manager.core;

/** The daemon's process ends here; nothing catches it, as nothing survives kill -9. */
final class Crash extends Error {
  private static final long serialVersionUID = 1;

  Crash(String where) {
    super(where, null, false, false);
  }
}
