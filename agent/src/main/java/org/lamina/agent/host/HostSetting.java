package org.lamina.agent.host;

import java.nio.file.Path;

/**
 * One number under {@code /proc/sys} that must not be too small.
 *
 * @param key dotted name, as {@code sysctl} writes it
 * @param atLeast least value that serves
 * @param why what fails below it, one phrase for people
 */
public record HostSetting(String key, long atLeast, String why) {

  Path below(Path procSys) {
    return procSys.resolve(key.replace('.', '/'));
  }
}
