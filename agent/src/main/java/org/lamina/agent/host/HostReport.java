package org.lamina.agent.host;

import java.util.List;

/**
 * How the host's settings compare with what is wanted.
 *
 * @param changes settings below the least value: from what, to what
 * @param problems settings that could not be read or raised; containers run, but fewer
 */
public record HostReport(List<Change> changes, List<Problem> problems) {
  public HostReport {
    changes = List.copyOf(changes);
    problems = List.copyOf(problems);
  }

  /** A setting that is to be raised, or was. */
  public record Change(String key, long from, long to, String why) {
    /** One line for a log. */
    public String text() {
      return key + ": " + from + " -> " + to + " (" + why + ")";
    }
  }

  /** A setting that stays as it is, and what answered. */
  public record Problem(String key, String answer) {
    /** One line for a log. */
    public String text() {
      return key + ": " + answer;
    }
  }
}
