package org.lamina.console;

import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import org.lamina.console.client.Daemon;
import org.lamina.console.command.Commands;
import org.lamina.console.command.Toolbox;
import org.lamina.console.shell.Completion;
import org.lamina.console.shell.ConsoleCommand;
import org.lamina.console.shell.ConsoleParser;
import org.lamina.console.shell.Interrupts;
import org.lamina.console.shell.Keyboard;
import org.lamina.console.shell.LineRunner;
import org.lamina.console.shell.Programs;
import org.lamina.console.shell.Surroundings;
import org.lamina.console.shell.Vocabulary;
import org.lamina.console.view.Screen;
import org.lamina.console.view.Tint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.shell.core.command.CommandParser;
import org.springframework.shell.core.command.CommandRegistry;

/**
 * The console's parts. What differs between a terminal, a script and a test comes from outside:
 * {@link Settings}, {@link Surroundings}, {@link Keyboard} and {@link Programs}.
 */
@Configuration(proxyBeanMethods = false)
@Lazy
class ConsoleConfiguration {

  @Bean
  Daemon daemon(Settings settings, Surroundings surroundings) {
    Screen screen = surroundings.screen();
    return new Daemon(
        settings.socket(),
        () -> {
          screen.err().println(screen.paint(Tint.WARN, "laminad is away; waiting for it ..."));
          screen.err().flush();
        });
  }

  /** Tab does not wait for a daemon that is away, so it asks by a connection of its own. */
  @Bean
  Vocabulary vocabulary(Settings settings) {
    return new Vocabulary(Daemon.impatient(settings.socket()), System::nanoTime);
  }

  @Bean
  Interrupts interrupts() {
    return new Interrupts();
  }

  @Bean
  Toolbox toolbox(
      Daemon daemon,
      Vocabulary vocabulary,
      Interrupts interrupts,
      Programs programs,
      Surroundings surroundings) {
    return new Toolbox(daemon, vocabulary, interrupts, programs, surroundings);
  }

  @Bean
  CommandRegistry commandRegistry(
      Toolbox tools, Keyboard keyboard, Clock clock, Settings settings) {
    return new CommandRegistry(
        new LinkedHashSet<>(Commands.all(tools, keyboard, clock, settings.version())));
  }

  @Bean
  CommandParser commandParser(CommandRegistry registry) {
    return new ConsoleParser(registry);
  }

  @Bean
  LineRunner lineRunner(CommandParser parser, CommandRegistry registry, Surroundings surroundings) {
    return new LineRunner(parser, registry, surroundings.screen());
  }

  @Bean
  Completion completion(CommandRegistry registry, Vocabulary vocabulary) {
    List<ConsoleCommand> own =
        registry.getCommands().stream()
            .filter(ConsoleCommand.class::isInstance)
            .map(ConsoleCommand.class::cast)
            .toList();
    return new Completion(own.stream().map(ConsoleCommand::spec).toList(), vocabulary);
  }
}
