package org.lamina.manager.core.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.lamina.schema.Ctid;
import org.lamina.schema.Printable;
import org.lamina.templates.patch.Remaining;

/** The tools inside that make files out of others, such as ldconfig. */
final class Tools {
  private Tools() {}

  /**
   * Runs each; one that fails stops nothing, because the container is not better without the rest.
   *
   * @return what was not made anew, and how to try again
   */
  static List<Remaining> run(
      Ctid ctid, List<List<String>> tools, Function<List<String>, Guests.Answer> inside) {
    List<Remaining> failed = new ArrayList<>();
    for (List<String> tool : tools) {
      Guests.Answer answer = inside.apply(tool);
      if (answer.code() != 0) {
        String command = String.join(" ", tool);
        String said = answer.text().strip();
        failed.add(
            new Remaining(
                "what " + command + " makes",
                (answer.code() < 0 ? "it did not end in time" : "it answered " + answer.code())
                    + (said.isEmpty() ? "" : ": " + Printable.shorten(said, 200)),
                "vzctl exec " + ctid + " " + command));
      }
    }
    return failed;
  }
}
