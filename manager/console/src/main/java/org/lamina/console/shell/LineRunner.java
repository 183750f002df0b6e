package org.lamina.console.shell;

import java.io.PrintWriter;
import org.lamina.console.view.Screen;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import org.springframework.shell.core.InputReader;
import org.springframework.shell.core.command.CommandContext;
import org.springframework.shell.core.command.CommandExecutionException;
import org.springframework.shell.core.command.CommandExecutor;
import org.springframework.shell.core.command.CommandParser;
import org.springframework.shell.core.command.CommandRegistry;

/** Runs one line and turns whatever happens into sentences and an exit code. */
public final class LineRunner {
  private static final int LONGEST_MESSAGE = 2000;

  private final CommandParser parser;
  private final CommandRegistry registry;
  private final CommandExecutor executor;
  private final Screen screen;

  public LineRunner(CommandParser parser, CommandRegistry registry, Screen screen) {
    this.parser = parser;
    this.registry = registry;
    this.executor = new CommandExecutor(registry);
    this.screen = screen;
  }

  /**
   * @param where put before the message of a failure, such as {@code deploy:3: }, or empty
   * @return the exit code, also of a line that cannot be parsed
   */
  public int run(String line, PrintWriter out, InputReader reader, String where) {
    try {
      CommandContext context = new CommandContext(parser.parse(line), registry, out, reader);
      return executor.execute(context).code();
    } catch (LaminaException e) {
      return fail(e, where);
    } catch (CommandExecutionException e) {
      Throwable cause = e.getCause();
      return cause instanceof LaminaException known ? fail(known, where) : fail(internal(e), where);
    } catch (RuntimeException e) {
      return fail(internal(e), where);
    } catch (LinkageError e) {
      return fail(
          new LaminaException(
              ExitCode.SYSTEM,
              "a part of the console is not there any more: " + e.getMessage(),
              "It was replaced, as by an upgrade: leave and start lamina again.",
              e),
          where);
    } finally {
      out.flush();
    }
  }

  private static LaminaException internal(RuntimeException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new LaminaException(
        ExitCode.SYSTEM,
        "the console failed: " + Printable.shorten(cause.toString(), 200),
        "This is a defect of the console; containers are not touched by it.",
        e);
  }

  private int fail(LaminaException e, String where) {
    screen
        .err()
        .println(screen.paint(Tint.BAD, where + Printable.shorten(e.text(), LONGEST_MESSAGE)));
    e.hint().ifPresent(h -> screen.err().println(Printable.shorten(h, LONGEST_MESSAGE)));
    screen.err().flush();
    return e.exitCode().code();
  }
}
