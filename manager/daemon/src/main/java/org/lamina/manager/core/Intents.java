package org.lamina.manager.core;

/** What the data of start and stop intents says. */
final class Intents {
  /** The container is to run in the end, whatever comes in between. */
  static final String AGAIN = "again";

  private Intents() {}

  static String stopping(boolean fast, boolean again) {
    return (fast ? "fast" : "") + (again ? AGAIN : "");
  }

  static boolean fast(Intent intent) {
    return intent.data().startsWith("fast");
  }

  static boolean again(Intent intent) {
    return intent.data().endsWith(AGAIN);
  }
}
