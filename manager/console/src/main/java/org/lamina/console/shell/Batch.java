package org.lamina.console.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.springframework.shell.core.InputReader;

/**
 * Runs lines without a prompt. The first that fails ends it, and its exit code is the code of all.
 */
public final class Batch {
  private final LineRunner runner;
  private final PrintWriter out;
  private final InputReader reader;

  public Batch(LineRunner runner, PrintWriter out, InputReader reader) {
    this.runner = runner;
    this.out = out;
    this.reader = reader;
  }

  /** Lines as given by {@code -c}. */
  public int lines(List<String> lines) {
    return run(lines, "");
  }

  /**
   * The lines of a file; {@code -} is standard input. Empty lines and those that begin with # are
   * passed over.
   *
   * @throws LaminaException BAD_PARAMETER if it cannot be read
   */
  public int file(String name, InputStream stdin) {
    List<String> lines;
    try {
      lines =
          name.equals("-")
              ? new String(stdin.readAllBytes(), StandardCharsets.UTF_8).lines().toList()
              : Files.readAllLines(Path.of(name));
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "cannot read the script " + name + ": " + reason(e), null, e);
    }
    return run(lines, (name.equals("-") ? "stdin" : name) + ":");
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "there is no such file"
        : String.valueOf(e.getMessage());
  }

  private int run(List<String> lines, String name) {
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      if (InteractiveLoop.leaves(line)) {
        return 0;
      }
      int code = runner.run(line, out, reader, name.isEmpty() ? "" : name + (i + 1) + ": ");
      if (code != 0) {
        return code;
      }
    }
    return 0;
  }
}
