package org.lamina.manager.wiring;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.runtime.LinuxContainerRuntime;
import org.lamina.manager.api.HostReport;
import org.lamina.manager.api.PeerGuard;
import org.lamina.manager.core.DatabaseBackup;
import org.lamina.manager.core.HostConfig;
import org.lamina.manager.core.LaminaCore;
import org.lamina.manager.core.LaminaCore.Startup;

/**
 * Everything but the web server, assembled and reconciled.
 *
 * @param runtime the real one, which the scripted commands need for their clients' descriptors
 * @param startup the rest of the host's boot, for a thread of its own
 * @param closing lets the database and the daemon's lock go
 */
public record Daemon(
    HostConfig config,
    LaminaCore core,
    DatabaseBackup backup,
    HostReport report,
    PeerGuard guard,
    @Nullable LinuxContainerRuntime runtime,
    Startup startup,
    AutoCloseable closing)
    implements AutoCloseable {
  private static final Logger log = System.getLogger(Daemon.class.getName());

  /** Starts the containers of the host's boot without holding up anything else. */
  void startContainers() {
    Thread.ofPlatform()
        .daemon()
        .name("host-boot")
        .start(() -> {
          try {
            startup.run();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (IOException e) {
            log.log(Level.ERROR, "the host's boot could not be completed", e);
          }
        });
  }

  /** Containers keep running. */
  @Override
  public void close() throws Exception {
    closing.close();
  }
}
