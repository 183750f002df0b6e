package org.lamina.templates.rpm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * Keeps the end of what dnf and rpm said and, when a step failed, says what went wrong. Thread
 * safe.
 */
final class RpmLog {
  private static final int KEPT = 400;
  private static final int SHOWN = 5;
  private static final Pattern TELLING =
      Pattern.compile(
          "(E|error|fatal error|gpg)[: ].*|Error:.*|.*(Problem( \\d+)?:|nothing provides|[Uu]nable to"
              + " find a match|is not signed|is not installed\\. Failing package|GPG check FAILED|No"
              + " space left on device|needs \\d+.?[KMG]?B|invalid %_db_backend|Curl error|Status code|[Cc]hecksum|SIGNATURES"
              + " NOT OK|DIGESTS|scriptlet failed|NOKEY|BAD|No such file|not found).*");
  // Repeats in other words what a line before it says.
  private static final Pattern NOISE =
      Pattern.compile(
          "\\(try to add.*|Error: (GPG check FAILED|Transaction failed)?|error: rpmdb.*|.*Skipping the"
              + " broken package.*|Errors during downloading metadata for repository.*");

  // Updates take packages from where the template was built from.
  private static final String OTHER_MIRROR =
      " one in the template's definition, or build the template with --mirror URL.";

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
   * What to tell the operator about a step that ended with a status other than 0.
   *
   * @param what was tried on which template
   * @param step what failed, such as {@code fetching packages}
   */
  LaminaException failure(String what, String step, int status) {
    List<String> all = lines();
    String text = String.join("; ", telling(all));
    String message =
        what + ": " + step + " ended with status " + status + (text.isEmpty() ? "" : ": " + text);
    if (contains(all, "No space left on device")
        || all.stream().anyMatch(l -> l.matches(".*needs \\d+.?[KMG]?B.* on the .*filesystem.*"))) {
      return new LaminaException(
          ExitCode.DISK_FULL, message, "Make room on the file system of the template store.");
    }
    return new LaminaException(ExitCode.TEMPLATE_BUILD_FAILED, message, hint(all));
  }

  private static @Nullable String hint(List<String> all) {
    if (contains(all, "is not signed") || contains(all, "NO SIGNATURE")) {
      return "Packages without a signature are never installed; ask who runs this repository.";
    }
    if (contains(all, "GPG check FAILED")
        || contains(all, "SIGNATURES NOT OK")
        || contains(all, "NOKEY")) {
      return "The keys of the template's definition do not vouch for this package; if the repository"
          + " is the right one, name its key there, or build the template with --gpgkey FILE.";
    }
    if (contains(all, "Unable to find a match")
        || contains(all, "nothing provides")
        || contains(all, "No match for argument")) {
      return "Correct the packages of the template's definition, or add the repository that has what"
          + " is missing.";
    }
    if (contains(all, "hecksum") || contains(all, "parser error")) {
      return "The repository is damaged or changes just now; try again later, or name another"
          + OTHER_MIRROR;
    }
    if (contains(all, "Failed to download metadata")
        || contains(all, "Curl error")
        || contains(all, "All mirrors were tried")) {
      return "Check that this host reaches the repository, or name another" + OTHER_MIRROR;
    }
    if (contains(all, "E: the script ended with status")) {
      return "Correct the script; nothing of what it did was kept.";
    }
    if (contains(all, "invalid %_db_backend")) {
      return "The distribution's settings ask for a package database that its own rpm does not know.";
    }
    if (contains(all, "scriptlet failed")) {
      return "A package of the definition does not install in a container; leave it out.";
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
          .filter(l -> !l.isBlank())
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
