package org.lamina.agent.cgroup;

import java.io.IOException;
import java.time.Duration;

/** Repeats what the kernel refuses for a moment only. */
public final class Patience {
  /** Work that may have to be repeated. */
  interface Attempt {
    void run() throws IOException;
  }

  private Patience() {}

  /**
   * @throws IOException what the last attempt threw when the time had run out or the thread was
   *     interrupted
   */
  static void retry(Duration atMost, Attempt attempt) throws IOException {
    long deadline = System.nanoTime() + atMost.toNanos();
    for (long pause = 1; ; pause = Math.min(2 * pause, 50)) {
      try {
        attempt.run();
        return;
      } catch (IOException e) {
        if (System.nanoTime() >= deadline || !sleep(pause)) {
          throw e;
        }
      }
    }
  }

  /**
   * @return false if the thread was interrupted, which stays set
   */
  public static boolean sleep(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
