package org.lamina.manager.core;

/** What the data of start and stop intents says. */
final class Intents {
  /** The container is to run in the end, whatever comes in between. */
  static final String AGAIN = "again";

  private static final String WITH_HOST = "host";

  private Intents() {}

  static String stopping(boolean fast, ContainerHalt.Then then) {
    return (fast ? "fast" : "")
        + switch (then) {
          case STAY_DOWN -> "";
          case START_AGAIN -> AGAIN;
          case COME_UP_WITH_HOST -> WITH_HOST;
        };
  }

  static ContainerHalt.Then then(Intent intent) {
    return again(intent)
        ? ContainerHalt.Then.START_AGAIN
        : intent.data().endsWith(WITH_HOST)
            ? ContainerHalt.Then.COME_UP_WITH_HOST
            : ContainerHalt.Then.STAY_DOWN;
  }

  static boolean fast(Intent intent) {
    return intent.data().startsWith("fast");
  }

  static boolean again(Intent intent) {
    return intent.data().endsWith(AGAIN);
  }
}
