package org.lamina.manager.wiring;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.lamina.agent.host.HostReport;
import org.lamina.agent.host.HostSettings;

/** What the start of the daemon found out. */
record StartReport(String version, List<Setting> settings)
    implements org.lamina.manager.api.HostReport {
  private static final Logger log = System.getLogger(StartReport.class.getName());

  /** Raises what is too low for many containers, and says so in the log. */
  static StartReport raiseSettings() {
    HostReport raised = HostSettings.HOST.raise();
    List<Setting> settings = new ArrayList<>();
    raised
        .changes()
        .forEach(c -> {
          log.log(Level.INFO, "raised {0}", c.text());
          settings.add(
              new Setting(
                  c.key(), Long.toString(c.to()), "raised from " + c.from() + ": " + c.why()));
        });
    raised
        .problems()
        .forEach(p -> {
          log.log(Level.WARNING, "host setting {0}", p.text());
          settings.add(new Setting(p.key(), "", "not raised: " + p.answer()));
        });
    return new StartReport(builtVersion(), List.copyOf(settings));
  }

  static String builtVersion() {
    try (InputStream in = StartReport.class.getResourceAsStream("/lamina-version.properties")) {
      Properties properties = new Properties();
      if (in != null) {
        properties.load(in);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
