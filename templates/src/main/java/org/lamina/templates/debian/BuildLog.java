package org.lamina.templates.debian;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * Keeps the end of a build's output and, when the build failed, says what went wrong. Thread safe.
 */
final class BuildLog {
  private static final int KEPT = 400;
  private static final int SHOWN = 4;
  private static final Pattern TELLING =
      Pattern.compile(
          "(E|W|Err)(:[0-9]+)?[: ].*|[a-z.-]+: (fatal )?error.*|.*(No space left on device|unable"
              + " to|cannot |not enough free space).*",
          Pattern.CASE_INSENSITIVE);
  // What mmdebstrap says after every failure; it only repeats that something failed.
  private static final Pattern NOISE =
      Pattern.compile(
          "E: (setup failed: E: |run_chroot )?(apt-get|command|mmdebstrap|dpkg)[ :].*"
              + "|E: (setup|mmdebstrap) failed.*|I: .*received signal PIPE.*");

  private final Deque<String> lines = new ArrayDeque<>();

  synchronized void add(String line) {
    lines.addLast(line);
    if (lines.size() > KEPT) {
      lines.removeFirst();
    }
  }

  synchronized List<String> lines() {
    return List.copyOf(lines);
  }

  /**
   * What to tell the operator about a program that ended with a status other than 0.
   *
   * @param what was tried on which template
   * @param packages what to do about packages that the archive does not have
   */
  LaminaException failure(String what, String program, int status, String packages) {
    List<String> all = lines();
    String text = String.join("; ", telling(all));
    String message =
        what
            + ": "
            + program
            + " ended with status "
            + status
            + (text.isEmpty() ? "" : ": " + text);
    if (contains(all, "No space left on device") || contains(all, "enough free space")) {
      return new LaminaException(
          ExitCode.DISK_FULL, message, "Make room on the file system of the template store.");
    }
    return new LaminaException(ExitCode.TEMPLATE_BUILD_FAILED, message, hint(all, packages));
  }

  private static String hint(List<String> all, String packages) {
    if (contains(all, "NO_PUBKEY")
        || contains(all, "Missing key")
        || contains(all, "is not signed")
        || contains(all, "signatures couldn't be verified")) {
      return "The host's archive keyring does not vouch for this release; install a current"
          + " debian-archive-keyring, or check the Signed-By of the host's apt sources.";
    }
    if (contains(all, "Unable to locate package")
        || contains(all, "no installation candidate")
        || contains(all, "' was not found")) {
      return packages;
    }
    if (contains(all, "does not have a Release file") || contains(all, "404 ")) {
      return "The archive in the host's apt sources does not carry a suite of this definition.";
    }
    if (contains(all, "Failed to fetch")
        || contains(all, "Temporary failure resolving")
        || contains(all, "Could not resolve")
        || contains(all, "Could not connect")) {
      return "Check that apt-get update works on this host.";
    }
    return "Run the same build again; if it fails again the message above names the cause.";
  }

  private static List<String> telling(List<String> all) {
    List<String> out = new ArrayList<>();
    for (int i = all.size() - 1; i >= 0 && out.size() < SHOWN; i--) {
      String line = Printable.shorten(all.get(i).strip(), 300);
      if (TELLING.matcher(line).matches()
          && !NOISE.matcher(line).matches()
          && !out.contains(line)) {
        out.addFirst(line);
      }
    }
    if (out.isEmpty()) {
      all.stream()
          .filter(l -> !l.isBlank() && !NOISE.matcher(l).matches())
          .map(l -> Printable.shorten(l.strip(), 300))
          .forEach(out::add);
      return out.subList(Math.max(0, out.size() - 2), out.size());
    }
    return out;
  }

  private static boolean contains(List<String> all, String text) {
    return all.stream().anyMatch(l -> l.contains(text));
  }
}
