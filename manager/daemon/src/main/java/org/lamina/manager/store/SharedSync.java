package org.lamina.manager.store;

import java.sql.SQLException;

/**
 * Forces what is committed to the disk. Those who ask while somebody else's force is under way wait
 * for the next, and share it: a hundred containers that start at once would otherwise stand in line
 * for a hundred of them. Thread safe.
 */
final class SharedSync {
  private final Force force;
  private boolean underWay;

  /** How many have begun, and the latest of those that succeeded. */
  private long begun;

  private long succeeded;

  SharedSync(Force force) {
    this.force = force;
  }

  /**
   * Returns when a force that began after this call has succeeded.
   *
   * @throws SQLException if it was this caller's turn and it failed; the others try on their own
   */
  void await() throws SQLException {
    long turn = next();
    if (turn > 0) {
      // An interruption would close the database's file under everybody's hands.
      boolean interrupted = Thread.interrupted();
      boolean done = false;
      try {
        force.run();
        done = true;
      } finally {
        end(turn, done);
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /** The number of the force that the caller is to run, or 0 if one was run for it. */
  private synchronized long next() {
    long enough = begun + 1;
    boolean interrupted = false;
    while (underWay && succeeded < enough) {
      try {
        wait();
      } catch (InterruptedException e) {
        // What is half saved helps nobody: the interruption is for whatever comes next.
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (succeeded >= enough) {
      return 0;
    }
    underWay = true;
    return ++begun;
  }

  private synchronized void end(long turn, boolean done) {
    underWay = false;
    if (done) {
      succeeded = turn;
    }
    notifyAll();
  }

  /** One force, of everything that is committed when it begins. */
  @FunctionalInterface
  interface Force {
    void run() throws SQLException;
  }
}
