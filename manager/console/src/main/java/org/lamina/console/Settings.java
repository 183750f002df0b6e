package org.lamina.console;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;

/**
 * What the console is told from outside.
 *
 * @param socket the daemon's
 * @param history file of former lines
 * @param colour wanted on terminals
 * @param version of this console
 */
record Settings(Path socket, Path history, boolean colour, String version) {
  private static final String SOCKET = "/run/lamina/lamina.sock";

  /**
   * @param environment LAMINA_SOCKET as for the scripted commands, NO_COLOR, TERM
   */
  static Settings of(Map<String, String> environment, Path home) {
    String socket = environment.getOrDefault("LAMINA_SOCKET", "");
    boolean colour =
        environment.getOrDefault("NO_COLOR", "").isEmpty()
            && !environment.getOrDefault("TERM", "dumb").equals("dumb");
    return new Settings(
        Path.of(socket.isEmpty() ? SOCKET : socket),
        home.resolve(".lamina_history"),
        colour,
        builtVersion());
  }

  private static String builtVersion() {
    Properties built = new Properties();
    try (InputStream in = Settings.class.getResourceAsStream("console.properties")) {
      if (in != null) {
        built.load(in);
      }
    } catch (IOException e) {
      // a console that does not know its release still works
    }
    return built.getProperty("version", "unknown");
  }
}
