package org.lamina.console;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.Clock;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.lamina.console.shell.Batch;
import org.lamina.console.shell.HostPrograms;
import org.lamina.console.shell.Interrupts;
import org.lamina.console.shell.Keyboard;
import org.lamina.console.shell.LineRunner;
import org.lamina.console.shell.NoKeyboard;
import org.lamina.console.shell.Programs;
import org.lamina.console.shell.Surroundings;
import org.lamina.console.view.Screen;
import org.lamina.schema.LaminaException;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.shell.core.InputReader;

/**
 * The console's program. Spring's container is used without Spring Boot: there is nothing here to
 * configure automatically, and a prompt should be there at once.
 */
public final class ConsoleApplication {
  private ConsoleApplication() {}

  public static void main(String[] words) {
    System.exit(run(words));
  }

  private static int run(String[] words) {
    Logger.getLogger("").setLevel(Level.OFF);
    PrintWriter out = writer(FileDescriptor.out, System.getProperty("stdout.encoding"));
    PrintWriter err = writer(FileDescriptor.err, System.getProperty("stderr.encoding"));
    try {
      Arguments arguments = Arguments.of(words);
      if (arguments.help()) {
        out.print(Arguments.USAGE);
        out.flush();
        return 0;
      }
      Settings settings = Settings.of(System.getenv(), Path.of(System.getProperty("user.home")));
      return onTerminal()
          ? TerminalConsole.run(arguments, settings)
          : plain(arguments, settings, out, err);
    } catch (LaminaException e) {
      err.println(e.text());
      e.hint().ifPresent(err::println);
      err.flush();
      return e.exitCode().code();
    }
  }

  // the check is for the annotations of the JDK, which say that it can be null
  @SuppressWarnings("SystemConsoleNull")
  private static boolean onTerminal() {
    Console console = System.console();
    return console != null && console.isTerminal();
  }

  /** Lines from pipes and files, without prompt, colours and questions. */
  private static int plain(
      Arguments arguments, Settings settings, PrintWriter out, PrintWriter err) {
    Surroundings surroundings = new Surroundings(Screen.plain(err), false);
    try (AnnotationConfigApplicationContext context =
        context(settings, surroundings, new NoKeyboard())) {
      Batch batch = new Batch(context.getBean(LineRunner.class), out, new InputReader() {});
      String script = arguments.script();
      if (arguments.interactive()) {
        return batch.file("-", System.in);
      }
      return script == null ? batch.lines(arguments.lines()) : batch.file(script, System.in);
    }
  }

  static AnnotationConfigApplicationContext context(
      Settings settings, Surroundings surroundings, Keyboard keyboard) {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    context.registerBean(Settings.class, () -> settings);
    context.registerBean(Surroundings.class, () -> surroundings);
    context.registerBean(Keyboard.class, () -> keyboard);
    context.registerBean(Programs.class, HostPrograms::new);
    context.registerBean(Clock.class, Clock::systemDefaultZone);
    context.register(ConsoleConfiguration.class);
    context.refresh();
    return context;
  }

  /** Work that Ctrl-C ends is told so; what nobody claims ends the program. */
  static void interrupted(Interrupts interrupts, Runnable otherwise) {
    if (!interrupts.fire()) {
      otherwise.run();
    }
  }

  private static PrintWriter writer(FileDescriptor descriptor, @Nullable String encoding) {
    Charset charset = encoding == null ? Charset.defaultCharset() : Charset.forName(encoding);
    return new PrintWriter(
        new OutputStreamWriter(new FileOutputStream(descriptor), charset), false);
  }
}
