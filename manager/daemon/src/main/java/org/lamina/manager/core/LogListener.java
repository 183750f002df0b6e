package org.lamina.manager.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Writes what work of the daemon's own says to its log. */
record LogListener(String subject) implements Listener {
  private static final Logger log = System.getLogger(LogListener.class.getName());

  @Override
  public void say(String line) {
    log.log(Level.DEBUG, "{0}: {1}", subject, line);
  }

  @Override
  public void warn(String line) {
    log.log(Level.WARNING, "{0}: {1}", subject, line);
  }

  @Override
  public void report(int percent, String message) {
    log.log(Level.DEBUG, "{0}: {1}", subject, message);
  }
}
