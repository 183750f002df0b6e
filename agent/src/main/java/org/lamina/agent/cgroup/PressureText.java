package org.lamina.agent.cgroup;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lamina.agent.Statistics.Average;
import org.lamina.agent.Statistics.Pressure;

/** Pressure stall information as the kernel writes it. */
final class PressureText {
  private static final Pattern LINE =
      Pattern.compile("(some|full) avg10=([0-9.]+) avg60=([0-9.]+) avg300=([0-9.]+) total=.*");

  private PressureText() {}

  static Optional<Pressure> parse(String text) {
    Average none = new Average(0, 0, 0);
    Average some = none;
    Average full = none;
    boolean found = false;
    for (String line : text.split("\n")) {
      Matcher m = LINE.matcher(line);
      if (m.matches()) {
        found = true;
        Average average =
            new Average(
                Double.parseDouble(m.group(2)),
                Double.parseDouble(m.group(3)),
                Double.parseDouble(m.group(4)));
        some = m.group(1).equals("some") ? average : some;
        full = m.group(1).equals("full") ? average : full;
      }
    }
    return found ? Optional.of(new Pressure(some, full)) : Optional.empty();
  }
}
