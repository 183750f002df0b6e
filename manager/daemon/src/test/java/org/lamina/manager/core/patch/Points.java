package org.lamina.manager.core.patch;

import java.util.ArrayList;
import java.util.List;

/** The life of one daemon: it dies at a chosen point and has no effect any more from then on. */
final class Points {
  private final int diesAt;
  private final List<String> passed = new ArrayList<>();

  Points(int diesAt) {
    this.diesAt = diesAt;
  }

  static Points immortal() {
    return new Points(Integer.MAX_VALUE);
  }

  /** Nothing catches it, as nothing survives kill -9. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1;

    Death(String where) {
      super(where, null, false, false);
    }
  }

  synchronized void around(String name, Runnable effect) {
    point("before " + name);
    effect.run();
    point("after " + name);
  }

  private void point(String name) {
    if (passed.size() >= diesAt) {
      throw new Death("dead since " + passed.getLast());
    }
    passed.add(name);
    if (passed.size() == diesAt) {
      throw new Death(name);
    }
  }

  synchronized int count() {
    return passed.size();
  }

  synchronized String last() {
    return passed.getLast();
  }
}
