package org.lamina.manager.cli.wire;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExecSpec;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * What a client says of itself in its request headers. Nothing here is verified yet.
 *
 * @param pid its process id
 * @param stdio numbers of the descriptors that may be taken over as 0, 1 and 2
 * @param control number of its end of the socket pair a terminal is sent through
 * @param terminals whether its own 0, 1 and 2 are terminals
 * @param file number of the file it opened, or null
 */
public record CallerClaim(
    int pid,
    List<Integer> stdio,
    int control,
    List<Boolean> terminals,
    ExecSpec.TerminalSize size,
    String term,
    @Nullable Integer file) {
  private static final int MOST_DESCRIPTORS = 1 << 20;
  private static final Pattern TERM = Pattern.compile("[A-Za-z0-9_.+-]{1,64}");

  public CallerClaim {
    stdio = List.copyOf(stdio);
    terminals = List.copyOf(terminals);
  }

  /**
   * @param header gives a request header's value or null
   * @throws LaminaException USAGE if a header is missing or no number in range
   */
  public static CallerClaim read(Function<String, @Nullable String> header) {
    List<Integer> size = numbers(header, "X-Lamina-Size", 2, 0, 65_535);
    String term = header.apply("X-Lamina-Term");
    boolean sized = size.get(0) > 0 && size.get(1) > 0;
    return new CallerClaim(
        numbers(header, "X-Lamina-Pid", 1, 1, 1 << 22).getFirst(),
        numbers(header, "X-Lamina-Stdio", 3, 0, MOST_DESCRIPTORS),
        numbers(header, "X-Lamina-Control", 1, 0, MOST_DESCRIPTORS).getFirst(),
        numbers(header, "X-Lamina-Tty", 3, 0, 1).stream().map(n -> n == 1).toList(),
        sized ? new ExecSpec.TerminalSize(size.get(0), size.get(1)) : ExecSpec.TerminalSize.DEFAULT,
        term != null && TERM.matcher(term).matches() ? term : "dumb",
        header.apply("X-Lamina-Script") == null
            ? null
            : numbers(header, "X-Lamina-Script", 1, 0, MOST_DESCRIPTORS).getFirst());
  }

  private static List<Integer> numbers(
      Function<String, @Nullable String> header, String name, int count, int least, int most) {
    String text = header.apply(name);
    if (text == null || !text.matches("[0-9]{1,7}(,[0-9]{1,7}){" + (count - 1) + "}")) {
      throw bad(name, text);
    }
    List<Integer> numbers = Arrays.stream(text.split(",")).map(Integer::valueOf).toList();
    if (numbers.stream().anyMatch(n -> n < least || n > most)) {
      throw bad(name, text);
    }
    return numbers;
  }

  private static LaminaException bad(String name, @Nullable String text) {
    return new LaminaException(
        ExitCode.USAGE,
        "bad request header "
            + name
            + ": "
            + (text == null ? "missing" : Printable.shorten(text, 40)),
        "The client and the daemon are of different releases; restart laminad.");
  }
}
