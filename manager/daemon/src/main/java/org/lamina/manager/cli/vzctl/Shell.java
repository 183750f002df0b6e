package org.lamina.manager.cli.vzctl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Command lines for the shell inside: bash, or sh where there is none. The choice is made inside by
 * sh itself, because a path looked up from the host could lead anywhere.
 */
final class Shell {
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private Shell() {}

  /** Runs one string as shell code. */
  static List<String> running(String code) {
    return sh("[ -x /bin/bash ] && exec /bin/bash -c \"$1\"; exec /bin/sh -c \"$1\"", code);
  }

  /** Reads commands from standard input. */
  static List<String> reading() {
    return sh("[ -x /bin/bash ] && exec /bin/bash -s; exec /bin/sh -s");
  }

  /** A login shell in root's home. */
  static List<String> login() {
    return sh("cd ~ 2>/dev/null; [ -x /bin/bash ] && exec /bin/bash -l; exec /bin/sh -l");
  }

  /** Shell code first and then a login shell, whatever became of the code. */
  static List<String> loginAfter(String code) {
    return sh(
        "cd ~ 2>/dev/null; s=/bin/sh; [ -x /bin/bash ] && s=/bin/bash;"
            + " $s -lc \"$1\"; exec $s -l",
        code);
  }

  private static List<String> sh(String script) {
    return List.of("/bin/sh", "-c", script, "sh");
  }

  private static List<String> sh(String script, String argument) {
    return List.of("/bin/sh", "-c", script, "sh", argument);
  }

  /** What the arguments of exec mean: joined by single spaces, an empty one as {@code ''}. */
  static String join(List<String> words) {
    return String.join(" ", words.stream().map(w -> w.isEmpty() ? "''" : w).toList());
  }

  /** The whole environment of a command inside; nothing of the caller's but TERM comes in. */
  static Map<String, String> environment(String term) {
    Map<String, String> env = new LinkedHashMap<>();
    env.put("HOME", "/root");
    env.put("USER", "root");
    env.put("LOGNAME", "root");
    env.put("PATH", PATH);
    env.put("TERM", term);
    return env;
  }
}
