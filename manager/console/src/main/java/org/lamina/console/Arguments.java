package org.lamina.console;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * What the program was started with.
 *
 * @param lines given by {@code -c}
 * @param script given as {@code @FILE}, or null
 * @param help only the usage is wanted
 */
record Arguments(List<String> lines, @Nullable String script, boolean help) {
  static final String USAGE =
      """
      lamina: the interactive console

      Usage: lamina                    a prompt
             lamina -c "LINE"          run a line and exit with its code; may be repeated
             lamina @FILE              run the lines of a file up to the first that fails; @- is stdin
             lamina SUBCOMMAND         doctor, operations, backup, recover, help: see lamina help
      """;

  Arguments {
    lines = List.copyOf(lines);
  }

  boolean interactive() {
    return lines.isEmpty() && script == null && !help;
  }

  /**
   * @throws LaminaException USAGE
   */
  static Arguments of(String[] words) {
    List<String> lines = new ArrayList<>();
    String script = null;
    for (int i = 0; i < words.length; i++) {
      String word = words[i];
      if (word.equals("-c") || word.equals("--command")) {
        if (++i >= words.length) {
          throw usage("lamina: " + word + " needs a line");
        }
        lines.add(words[i]);
      } else if (word.equals("--help") || word.equals("-h")) {
        return new Arguments(List.of(), null, true);
      } else if (word.length() > 1 && word.startsWith("@") && script == null) {
        script = word.substring(1);
      } else {
        throw usage("lamina: unexpected argument " + Printable.shorten(word, 40));
      }
    }
    if (script != null && !lines.isEmpty()) {
      throw usage("lamina: -c and @FILE do not go together");
    }
    return new Arguments(lines, script, false);
  }

  private static LaminaException usage(String message) {
    return new LaminaException(
        ExitCode.USAGE, message, "Write: lamina, lamina -c \"LINE\" or lamina @FILE");
  }
}
