package org.lamina.agent.proc;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code /proc/PID/status} says about identity and signals.
 *
 * @param uids real, effective, saved and file system uid, as the reader's user namespace sees them
 * @param gids the same for groups
 * @param nsPids process id in each nested pid namespace, the reader's first; one entry if not
 *     nested, empty on a kernel that does not tell
 * @param caught bit n-1 is set if signal n has a handler
 * @param blocked bit n-1 is set if signal n is blocked
 * @param ignored bit n-1 is set if signal n is ignored
 */
public record ProcStatus(
    List<Integer> uids,
    List<Integer> gids,
    List<Integer> nsPids,
    long caught,
    long blocked,
    long ignored) {

  /** Whether a signal has a handler; numbers are the kernel's, 1..64. */
  public boolean catches(int signal) {
    return bit(caught, signal);
  }

  /** Whether a signal is blocked, as an init does that reads it by signalfd. */
  public boolean blocks(int signal) {
    return bit(blocked, signal);
  }

  /** Whether a signal is ignored, so that sending it does nothing. */
  public boolean ignores(int signal) {
    return bit(ignored, signal);
  }

  private static boolean bit(long mask, int signal) {
    return signal >= 1 && signal <= 64 && (mask >>> (signal - 1) & 1) == 1;
  }

  /** Empty if the uids are missing, as in text that is no status file at all. */
  public static Optional<ProcStatus> parse(List<String> lines) {
    Map<String, String> values = new HashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        values.putIfAbsent(line.substring(0, colon), line.substring(colon + 1).strip());
      }
    }
    List<Integer> uids = numbers(values.getOrDefault("Uid", ""));
    List<Integer> gids = numbers(values.getOrDefault("Gid", ""));
    if (uids.size() != 4 || gids.size() != 4) {
      return Optional.empty();
    }
    return Optional.of(
        new ProcStatus(
            uids,
            gids,
            numbers(values.getOrDefault("NSpid", "")),
            mask(values.getOrDefault("SigCgt", "")),
            mask(values.getOrDefault("SigBlk", "")),
            mask(values.getOrDefault("SigIgn", ""))));
  }

  private static List<Integer> numbers(String text) {
    List<Integer> numbers = new ArrayList<>();
    for (String part : text.split("\\s+")) {
      try {
        numbers.add(Integer.parseUnsignedInt(part));
      } catch (NumberFormatException e) {
        return List.of();
      }
    }
    return List.copyOf(numbers);
  }

  private static long mask(String hex) {
    try {
      return Long.parseUnsignedLong(hex, 16);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
