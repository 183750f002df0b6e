package org.lamina.manager.wiring;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.runtime.LinuxContainerRuntime;
import org.lamina.agent.runtime.RuntimeConfig;
import org.lamina.agent.sys.Kernel;
import org.lamina.manager.api.Accounts;
import org.lamina.manager.api.PeerGuard;
import org.lamina.manager.core.Descriptors;
import org.lamina.manager.core.HostConfig;
import org.lamina.manager.core.HostConfigReader;
import org.lamina.manager.core.LaminaCore;
import org.lamina.manager.core.LaminaCore.Startup;
import org.lamina.manager.core.patch.FamilyMover;
import org.lamina.manager.core.patch.KernelGuests;
import org.lamina.manager.core.patch.Patching;
import org.lamina.manager.store.CachedContainerStore;
import org.lamina.manager.store.Database;
import org.lamina.manager.store.H2Backup;
import org.lamina.manager.store.H2ContainerStore;
import org.lamina.manager.store.H2NetworkStore;
import org.lamina.manager.store.H2OperationJournal;
import org.lamina.manager.store.H2PatchStore;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.DirectoryTemplateStore;
import org.lamina.templates.StoreConfig;
import org.lamina.templates.TemplateStore;

/** Puts the daemon together on this host and brings it in line with what an earlier one left. */
final class DaemonAssembly {
  private static final Logger log = System.getLogger(DaemonAssembly.class.getName());
  private static final Path SUBORDINATE_USERS = Path.of("/etc/subuid");
  private static final Path SUBORDINATE_GROUPS = Path.of("/etc/subgid");

  private DaemonAssembly() {}

  /**
   * @throws LaminaException if the daemon cannot run here, or runs already
   */
  static Daemon assemble(Path configFile) {
    HostConfigReader.Result read = HostConfigReader.read(configFile);
    read.warnings().forEach(w -> log.log(Level.WARNING, "{0}: {1}", configFile, w));
    HostConfig config = read.config();
    DaemonLock lock = DaemonLock.take(config.runDir(), config.socket());
    Database database = null;
    try {
      makeDirectories(config);
      database = Database.open(config.databaseDir());
      return assemble(config, database, lock);
    } catch (IOException e) {
      close(database, lock);
      throw new LaminaException(ExitCode.SYSTEM, "cannot start: " + e, null, e);
    } catch (RuntimeException e) {
      close(database, lock);
      throw e;
    }
  }

  private static Daemon assemble(HostConfig config, Database database, DaemonLock lock)
      throws IOException {
    StartReport report = StartReport.raiseSettings();
    LinuxContainerRuntime runtime =
        new LinuxContainerRuntime(
            new RuntimeConfig(
                config.runDir(),
                config.libexec(),
                config.cgroupName(),
                config.lxcfs(),
                config.uplinks(),
                config.layout()));
    TemplateStore templates =
        new DirectoryTemplateStore(
            new StoreConfig(
                config.templateDir(),
                config.shippedDefinitions(),
                config.configDir().resolve("templates.d")));
    Descriptors descriptors = new KernelDescriptors(Kernel.linux().files());
    Executor executor = Executors.newThreadPerTaskExecutor(housekeeping());
    LaminaCore core =
        new LaminaCore(
            new LaminaCore.Ports(
                config,
                new CachedContainerStore(new H2ContainerStore(database)),
                new H2OperationJournal(database),
                new H2NetworkStore(database),
                runtime,
                templates,
                descriptors,
                SubordinateIds.read(SUBORDINATE_USERS, SUBORDINATE_GROUPS)::isFree,
                executor,
                new Patching.Ports(
                    new H2PatchStore(database),
                    new FamilyMover(templates),
                    new KernelGuests(descriptors, runtime, Kernel.linux().files()),
                    2 * Runtime.getRuntime().availableProcessors())));
    Startup startup = core.reconcile();
    PeerGuard guard = new PeerGuard(config.group(), new Accounts());
    if (guard.group().isEmpty()) {
      log.log(
          Level.WARNING, "there is no group {0}: only root may command the daemon", config.group());
    }
    return new Daemon(
        config,
        core,
        new H2Backup(database),
        report,
        guard,
        runtime,
        startup,
        () -> {
          runtime.tidy();
          close(database, lock);
        });
  }

  private static ThreadFactory housekeeping() {
    return Thread.ofPlatform().daemon().name("housekeeping-", 0).factory();
  }

  private static void makeDirectories(HostConfig config) throws IOException {
    Files.createDirectories(config.stateDir());
    Files.createDirectories(config.templateDir());
    Files.createDirectories(config.runDir().resolve("ct"));
  }

  private static void close(@Nullable Database database, DaemonLock lock) {
    if (database != null) {
      database.close();
    }
    lock.close();
  }
}
