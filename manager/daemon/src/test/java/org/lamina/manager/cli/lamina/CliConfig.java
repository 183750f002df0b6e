package org.lamina.manager.cli.lamina;

import java.nio.file.Path;
import java.time.Duration;
import org.lamina.manager.core.HostConfig;

/** A host configuration below one directory. */
final class CliConfig {
  private CliConfig() {}

  static HostConfig of(Path top) {
    return new HostConfig(
        top.resolve("etc"),
        top,
        top.resolve("template"),
        top.resolve("private"),
        top.resolve("root"),
        top.resolve("db"),
        top.resolve("run"),
        top.resolve("share"),
        top.resolve("lib"),
        null,
        null,
        Duration.ofMinutes(2),
        4,
        true,
        HostConfig.DEFAULT_ID_BASE,
        "lamina",
        "lamina",
        top.resolve("lxcfs"),
        "detect",
        false,
        null);
  }
}
