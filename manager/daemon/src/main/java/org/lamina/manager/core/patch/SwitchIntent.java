package org.lamina.manager.core.patch;

import java.util.Optional;
import org.lamina.manager.core.Intent;
import org.lamina.schema.Ctid;

/**
 * What an intent of kind SWITCHING says.
 *
 * @param forward towards {@code to}, or back to {@code from}
 * @param again the container is to run in the end, whatever comes in between
 */
record SwitchIntent(boolean forward, int from, int to, boolean again) {
  Intent of(Ctid ctid) {
    return Intent.of(
        ctid,
        Intent.Kind.SWITCHING,
        (forward ? "forward " : "back ") + from + " " + to + (again ? " again" : ""));
  }

  SwitchIntent back() {
    return new SwitchIntent(false, from, to, again);
  }

  /** Empty for a text that no version wrote. */
  static Optional<SwitchIntent> read(Intent intent) {
    String[] words = intent.data().split(" ");
    try {
      return words.length < 3
          ? Optional.empty()
          : Optional.of(
              new SwitchIntent(
                  words[0].equals("forward"),
                  Integer.parseInt(words[1]),
                  Integer.parseInt(words[2]),
                  words.length > 3));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
