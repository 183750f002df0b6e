package org.lamina.manager.api;

import java.util.List;

/** What the daemon found out about the host when it started. */
public interface HostReport {
  /** Version of Lamina. */
  String version();

  /** Kernel settings that density needs. */
  List<Setting> settings();

  /**
   * One kernel setting.
   *
   * @param outcome what the daemon did about it, in words
   */
  record Setting(String name, String value, String outcome) {}
}
