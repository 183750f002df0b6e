package org.lamina.manager.core.patch;

import java.util.HashMap;
import java.util.Map;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Lets one at a time work on the generations of a template. Thread safe. */
final class Turns {
  private final Map<String, String> holders = new HashMap<>();

  /** Ends the turn; more than once does nothing. */
  interface Turn extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param what such as {@code rollout}
   * @throws LaminaException LOCKED at once if somebody is at work, naming who
   */
  Turn take(String template, String what, long operation) {
    String me = "\"" + what + "\" (operation " + operation + ")";
    synchronized (holders) {
      String other = holders.putIfAbsent(template, me);
      if (other != null) {
        throw new LaminaException(
            ExitCode.LOCKED,
            "template " + template + " already locked by " + other,
            "Wait for it to end, or cancel it: lamina operation list shows it.");
      }
    }
    return () -> {
      synchronized (holders) {
        holders.remove(template, me);
      }
    };
  }
}
