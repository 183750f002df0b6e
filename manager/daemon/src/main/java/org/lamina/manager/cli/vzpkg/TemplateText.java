package org.lamina.manager.cli.vzpkg;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** How templates are written for people. */
final class TemplateText {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private TemplateText() {}

  /** To the minute, in UTC. */
  static String minute(Instant time) {
    return MINUTE.format(time);
  }
}
