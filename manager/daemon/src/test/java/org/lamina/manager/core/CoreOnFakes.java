package org.lamina.manager.core;

import java.io.IOException;
import java.nio.file.Path;

/** A core over a pretended kernel, for tests of what is around the core. */
public final class CoreOnFakes implements AutoCloseable {
  private final TestHost host;
  private final TestDaemon daemon;

  public CoreOnFakes(Path dir) throws IOException {
    host = new TestHost(dir);
    daemon = host.boot();
  }

  public LaminaCore core() {
    return daemon.core;
  }

  public HostConfig config() {
    return host.config;
  }

  @Override
  public void close() {
    host.close();
  }
}
