package org.lamina.manager.core;

import java.util.ArrayList;
import java.util.List;

/**
 * The life of one daemon process. Every effect on the world outside passes here, before and after;
 * at a chosen one the process dies, and from then on it has no effect any more.
 */
final class Life {
  private final int diesAt;
  private final List<String> passed = new ArrayList<>();
  private boolean dead;

  private Life(int diesAt) {
    this.diesAt = diesAt;
  }

  static Life immortal() {
    return new Life(Integer.MAX_VALUE);
  }

  /**
   * @param number 1 for the first point
   */
  static Life endingAt(int number) {
    return new Life(number);
  }

  synchronized void point(String name) {
    if (dead) {
      throw new Crash("dead since " + passed.getLast());
    }
    passed.add(name);
    if (passed.size() == diesAt) {
      dead = true;
      throw new Crash(name);
    }
  }

  /** Ends it between two commands. */
  synchronized void end() {
    passed.add("idle");
    dead = true;
  }

  /** Where it ended, or the last point it passed. */
  synchronized String last() {
    return passed.getLast();
  }
}
