package org.lamina.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.impl.DefaultParser;
import org.jline.reader.impl.history.DefaultHistory;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.lamina.console.client.Daemon;
import org.lamina.console.client.HostInfo;
import org.lamina.console.shell.Batch;
import org.lamina.console.shell.Completion;
import org.lamina.console.shell.ConsoleCompleter;
import org.lamina.console.shell.InteractiveLoop;
import org.lamina.console.shell.Interrupts;
import org.lamina.console.shell.LineRunner;
import org.lamina.console.shell.Surroundings;
import org.lamina.console.shell.TerminalKeyboard;
import org.lamina.console.view.Human;
import org.lamina.console.view.Screen;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.shell.jline.JLineInputReader;

/** The console where a person sits at a terminal. */
final class TerminalConsole {
  private static final int INTERRUPTED = 130;
  private static final int HISTORY_LINES = 5000;

  private TerminalConsole() {}

  static int run(Arguments arguments, Settings settings) {
    // stty changes what it is told to; the others forget a serial line's speed and so hang it up
    try (Terminal terminal =
        TerminalBuilder.builder().name("lamina").system(true).provider("exec").build()) {
      return run(arguments, settings, terminal);
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "the terminal cannot be used: " + e.getMessage(), null, e);
    }
  }

  /** Uses a terminal that is open, and leaves it open. */
  static int run(Arguments arguments, Settings settings, Terminal terminal) {
    if (terminal.getWidth() == 0 || terminal.getHeight() == 0) {
      // a serial line does not say how large it is, and the line editor would draw nothing
      terminal.setSize(new Size(80, 24));
    }
    boolean draws = !terminal.getType().startsWith(Terminal.TYPE_DUMB);
    Screen screen =
        new Screen(terminal.writer(), draws, settings.colour(), new TerminalWidth(terminal));
    boolean canAsk = arguments.script() == null;
    try (AnnotationConfigApplicationContext context =
        ConsoleApplication.context(
            settings, new Surroundings(screen, canAsk), new TerminalKeyboard(terminal))) {
      Interrupts interrupts = context.getBean(Interrupts.class);
      terminal.handle(
          Terminal.Signal.INT,
          _ -> ConsoleApplication.interrupted(interrupts, () -> leave(arguments)));
      return arguments.interactive()
          ? prompt(context, settings, terminal, screen)
          : batch(context, arguments, terminal);
    }
  }

  /** Between two lines of a prompt Ctrl-C means nothing; a script ends by it. */
  private static void leave(Arguments arguments) {
    if (!arguments.interactive()) {
      Runtime.getRuntime().halt(INTERRUPTED);
    }
  }

  private static int batch(
      AnnotationConfigApplicationContext context, Arguments arguments, Terminal terminal) {
    LineReader answers = LineReaderBuilder.builder().terminal(terminal).build();
    Batch batch =
        new Batch(
            context.getBean(LineRunner.class), terminal.writer(), new JLineInputReader(answers));
    String script = arguments.script();
    return script == null ? batch.lines(arguments.lines()) : batch.file(script, System.in);
  }

  private static int prompt(
      AnnotationConfigApplicationContext context,
      Settings settings,
      Terminal terminal,
      Screen screen) {
    greet(context.getBean(Daemon.class), settings, terminal.writer(), screen);
    LineReader lines = lines(terminal, settings, context.getBean(Completion.class));
    LineReader answers = LineReaderBuilder.builder().terminal(terminal).build();
    int code =
        new InteractiveLoop(
                lines, context.getBean(LineRunner.class), new JLineInputReader(answers), screen)
            .run();
    keep(lines);
    return code;
  }

  private static LineReader lines(Terminal terminal, Settings settings, Completion completion) {
    DefaultParser parser = new DefaultParser();
    parser.setEofOnUnclosedQuote(true);
    makePrivate(settings.history());
    LineReader lines =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("lamina")
            .parser(parser)
            .history(new DefaultHistory())
            .completer(new ConsoleCompleter(completion))
            .variable(LineReader.HISTORY_FILE, settings.history())
            .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_LINES)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "> ")
            // passwords are not to be found in a file later
            .variable(LineReader.HISTORY_IGNORE, "*--userpasswd*")
            // commands for containers have ! in them
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.AUTO_FRESH_LINE, true)
            .option(LineReader.Option.CASE_INSENSITIVE, true)
            .build();
    lines.unsetOpt(LineReader.Option.INSERT_TAB);
    return lines;
  }

  private static void makePrivate(Path history) {
    try {
      if (!Files.exists(history)) {
        Files.createFile(
            history,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
    } catch (IOException e) {
      // a home that cannot be written to has no history, which is said when it is kept
    }
  }

  private static void keep(LineReader lines) {
    try {
      lines.getHistory().save();
    } catch (IOException e) {
      lines.getTerminal().writer().println("The history was not kept: " + e.getMessage());
    }
  }

  private static void greet(Daemon daemon, Settings settings, PrintWriter out, Screen screen) {
    String head = "Lamina " + settings.version();
    try {
      HostInfo host = daemon.host();
      out.println(
          screen.paint(Tint.STRONG, head)
              + ": "
              + Human.count(host.containers(), "container")
              + ", "
              + host.running()
              + " running. Tab completes, help explains.");
      if (!host.version().equals(settings.version())) {
        out.println(
            screen.paint(
                Tint.WARN, "laminad is release " + host.version() + ", this console is not."));
      }
    } catch (LaminaException e) {
      out.println(screen.paint(Tint.STRONG, head));
      out.println(screen.paint(Tint.BAD, e.text()));
      e.hint().ifPresent(out::println);
    }
    out.flush();
  }
}
