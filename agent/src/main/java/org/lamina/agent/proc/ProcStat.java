package org.lamina.agent.proc;

import java.util.Optional;

/**
 * What {@code /proc/PID/stat} says that identifies a process.
 *
 * @param pid process id as the reading process sees it
 * @param comm command name, up to 15 bytes that the process itself chose: any characters
 * @param state R, S, D, Z, T, t, X or I
 * @param parent parent's process id
 * @param group process group
 * @param session session
 * @param startTicks start time in clock ticks since boot; with the pid it names a process for good
 */
public record ProcStat(
    int pid, String comm, char state, int parent, int group, int session, long startTicks) {

  /** True for a process that has ended and only waits to be reaped. */
  public boolean ended() {
    return state == 'Z' || state == 'X';
  }

  /** Empty if the text is not of the documented form. */
  public static Optional<ProcStat> parse(String text) {
    // The name may itself contain blanks, newlines and parentheses: only the last one ends it.
    int open = text.indexOf('(');
    int close = text.lastIndexOf(')');
    if (open < 1 || close < open || close + 2 >= text.length()) {
      return Optional.empty();
    }
    String[] rest = text.substring(close + 2).strip().split(" ");
    if (rest.length < 20 || rest[0].length() != 1) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ProcStat(
              Integer.parseInt(text.substring(0, open).strip()),
              text.substring(open + 1, close),
              rest[0].charAt(0),
              Integer.parseInt(rest[1]),
              Integer.parseInt(rest[2]),
              Integer.parseInt(rest[3]),
              Long.parseLong(rest[19])));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
