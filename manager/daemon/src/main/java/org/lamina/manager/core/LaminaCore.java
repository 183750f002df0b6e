package org.lamina.manager.core;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.lamina.agent.ContainerRuntime;
import org.lamina.manager.core.patch.DefaultPatchService;
import org.lamina.manager.core.patch.PatchService;
import org.lamina.manager.core.patch.Patching;
import org.lamina.schema.IdRange;
import org.lamina.templates.TemplateStore;

/** The assembled core: one object per daemon. */
public final class LaminaCore {
  private final ContainerService containers;
  private final TemplateService templates;
  private final Operations operations;
  private final Reconciler reconciler;
  private final BootSequence bootSequence;
  private final HostBoot hostBoot;
  private final DefaultPatchService patches;
  private final NetworkService networks;
  private final NetworkMembers members;
  private final Events events = new Events();

  /** What the core is given from outside. */
  public record Ports(
      HostConfig config,
      ContainerStore store,
      OperationJournal journal,
      NetworkStore networks,
      ContainerRuntime runtime,
      TemplateStore templates,
      Descriptors descriptors,
      Predicate<IdRange> usableIds,
      Executor executor,
      Patching.Ports patching) {}

  public LaminaCore(Ports ports) {
    this(ports, HostBoot.KERNEL_BOOT_ID);
  }

  LaminaCore(Ports ports, Path bootIdFile) {
    HostConfig config = ports.config();
    TemplateGates gates = new TemplateGates();
    CoreParts parts =
        new CoreParts(
            config,
            new WitnessedStore(ports.store(), events),
            ports.runtime(),
            ports.templates(),
            gates,
            ports.descriptors(),
            new PrivateAreas(config, ports.runtime().disks()::discard),
            ports.networks());
    AddressBook book = new AddressBook(parts);
    NetworkMembers members = new NetworkMembers(parts);
    Locks locks = new Locks(parts::rest);
    this.operations = new JournalledOperations(ports.journal(), events);
    Patching patching = new Patching(new PatchGround(parts), ports.templates(), ports.patching());
    ContainerBoot boot = new ContainerBoot(parts, patching::beforeStart);
    ContainerHalt halt = new ContainerHalt(parts);
    ContainerCreation creation =
        new ContainerCreation(
            parts, new IdPool(config.firstIdBase(), ports.usableIds()), book, members);
    ContainerRemoval removal = new ContainerRemoval(parts, members);
    ContainerRegistration registration = new ContainerRegistration(parts, members);
    Watcher watcher = new Watcher(parts, locks, operations, boot, ports.executor());
    this.hostBoot = new HostBoot(config.runDir(), bootIdFile);
    this.containers =
        new DefaultContainerService(
            parts,
            locks,
            operations,
            watcher,
            creation,
            boot,
            halt,
            removal,
            registration,
            hostBoot,
            book,
            members);
    this.networks = new DefaultNetworkService(parts, members, operations);
    this.members = members;
    this.templates =
        new DefaultTemplateService(
            ports.templates(), parts.store(), parts.runtime(), gates, operations, events);
    this.reconciler =
        new Reconciler(
            parts,
            operations,
            locks,
            watcher,
            creation,
            boot,
            halt,
            removal,
            registration,
            patching.recovery(),
            ports.executor());
    this.patches =
        patching.service(
            new PatchLifecycle(parts, boot, halt, watcher),
            operations,
            locks,
            gates::removing,
            events);
    this.bootSequence = new BootSequence(config, containers, hostBoot);
  }

  public ContainerService containers() {
    return containers;
  }

  public TemplateService templates() {
    return templates;
  }

  public PatchService patches() {
    return patches;
  }

  public NetworkService networks() {
    return networks;
  }

  public Events events() {
    return events;
  }

  public Operations operations() {
    return operations;
  }

  /**
   * Repairs what an earlier daemon left. Called once, before commands are taken.
   *
   * @return the rest of the work, to be run while commands are taken: starting containers with the
   *     host, or nothing
   */
  public Startup reconcile() throws IOException {
    boolean hostBooted = hostBoot.isNew();
    members.start();
    reconciler.run(hostBooted);
    return () -> {
      if (hostBooted) {
        bootSequence.run();
      }
      patches.resume();
    };
  }

  /** Work that may take as long as all containers take to start. */
  @FunctionalInterface
  public interface Startup {
    void run() throws InterruptedException, IOException;
  }
}
