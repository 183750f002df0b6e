package org.lamina.manager.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ContainerRuntime;
import org.lamina.agent.LaunchSpec;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Netif;
import org.lamina.schema.NetworkConfig;
import org.lamina.schema.PublishedPort;
import org.lamina.templates.Generation;
import org.lamina.templates.TemplateStore;

/** What every use case works with. */
record CoreParts(
    HostConfig config,
    ContainerStore store,
    ContainerRuntime runtime,
    TemplateStore templates,
    TemplateGates gates,
    Descriptors descriptors,
    PrivateAreas areas,
    NetworkStore networks) {
  private static final Logger log = System.getLogger(CoreParts.class.getName());

  /**
   * @throws LaminaException NO_CONTAINER_CONFIG
   */
  Container require(Ctid ctid) {
    return store
        .find(ctid)
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.NO_CONTAINER_CONFIG, "Container " + ctid + " does not exist"));
  }

  /**
   * How the runtime is to bring the container up.
   *
   * @throws LaminaException PRIVATE_MISSING, TEMPLATE_NOT_FOUND
   */
  LaunchSpec launchSpec(Container c) {
    if (!areas.exists(c.ctid())) {
      throw new LaminaException(
          ExitCode.PRIVATE_MISSING,
          "the private area " + config.privateArea(c.ctid()) + " is missing");
    }
    Generation generation =
        templates
            .generation(c.template(), c.generation())
            .orElseThrow(() ->
                new LaminaException(
                    ExitCode.TEMPLATE_NOT_FOUND,
                    "generation "
                        + c.generation()
                        + " of template "
                        + c.template()
                        + ", which container "
                        + c.ctid()
                        + " is built on, is missing"));
    return new LaunchSpec(
        c.ctid(),
        c.uuid(),
        c.hostname(),
        c.ids(),
        generation.layers(),
        generation.swappableTrees(),
        generation.cgroups(),
        delta(c.ctid()),
        c.limits(),
        c.network(),
        c.bindMounts(),
        c.access());
  }

  /** The container's delta directory, showing its files. */
  Path delta(Ctid ctid) {
    runtime.disks().attach(config.privateArea(ctid));
    return areas.delta(ctid);
  }

  /** Starts or mounts it, which takes a little room also where its disk is full. */
  <T> T withHeadroom(Container c, Supplier<T> work) {
    try (var _ = runtime.disks().headroom(config.privateArea(c.ctid()), c.disk())) {
      return work.get();
    }
  }

  /** Shows the files of a container whose disk is attached at its mount point. */
  void mount(Container c, LaunchSpec spec) {
    var _ =
        withHeadroom(
            c,
            () -> {
              runtime.mount(spec, config.root(c.ctid()));
              return true;
            });
  }

  /** Called when nobody works on a container any more: at rest, its disk is not mounted. */
  void rest(Ctid ctid) {
    try {
      Path area = config.privateArea(ctid);
      if (runtime.disks().attached(area) && !isRunning(ctid) && !isMounted(ctid)) {
        runtime.disks().detach(area);
      }
    } catch (RuntimeException e) {
      log.log(Level.WARNING, "the disk of container " + ctid + " stays mounted", e);
    }
  }

  /**
   * The database refuses a name twice as well; this says who has it.
   *
   * @throws LaminaException NAME_FAILED
   */
  void requireFreeName(Ctid ctid, @Nullable String name) {
    Optional<Container> other = name == null ? Optional.empty() : store.findByName(name);
    if (other.isPresent() && !other.get().ctid().equals(ctid)) {
      throw new LaminaException(
          ExitCode.NAME_FAILED,
          "the name " + name + " is in use by container " + other.get().ctid());
    }
  }

  /**
   * Whether addresses, ports and interfaces are nobody else's, saved or live. The database refuses
   * what is saved twice as well; this says who has it.
   *
   * @throws LaminaException IP_IN_USE
   */
  void requireFreeNetwork(Ctid ctid, NetworkConfig network) {
    if (network.owned().isEmpty()
        && network.interfaces().isEmpty()
        && network.devices().isEmpty()
        && network.ports().isEmpty()) {
      return;
    }
    for (Container other : store.all()) {
      if (!other.ctid().equals(ctid)) {
        requireApart(network, other.ctid(), other.network());
        runtime
            .running(other.ctid())
            .ifPresent(running -> requireApart(network, other.ctid(), running.network()));
      }
    }
  }

  private static void requireApart(NetworkConfig asked, Ctid other, NetworkConfig theirs) {
    Set<IpAddress> taken = new HashSet<>(theirs.owned());
    for (IpAddress address : asked.owned()) {
      if (taken.contains(address)) {
        throw inUse("address", address.text(), other);
      }
    }
    requireOthers("hardware address", macs(asked), macs(theirs), other);
    requireOthers("interface", hostInterfaces(asked), hostInterfaces(theirs), other);
    for (PublishedPort port : asked.ports()) {
      for (PublishedPort used : theirs.ports()) {
        if (port.collidesWith(used)) {
          throw new LaminaException(
              ExitCode.IP_IN_USE,
              "port " + port + " is in use: container " + other + " has " + used);
        }
      }
    }
  }

  private static void requireOthers(String what, Set<String> a, Set<String> b, Ctid other) {
    for (String word : a) {
      if (b.contains(word)) {
        throw inUse(what, word, other);
      }
    }
  }

  private static LaminaException inUse(String what, String which, Ctid other) {
    return new LaminaException(
        ExitCode.IP_IN_USE, "the " + what + " " + which + " is in use by container " + other);
  }

  private static Set<String> macs(NetworkConfig network) {
    Set<String> all = new LinkedHashSet<>();
    for (Netif n : network.interfaces()) {
      all.add(n.mac().text());
      all.add(n.hostMac().text());
    }
    return all;
  }

  private static Set<String> hostInterfaces(NetworkConfig network) {
    Set<String> all = new LinkedHashSet<>(network.devices());
    network.interfaces().forEach(n -> all.add(n.hostName()));
    return all;
  }

  boolean isRunning(Ctid ctid) {
    return runtime.running(ctid).isPresent();
  }

  boolean isMounted(Ctid ctid) {
    return runtime.isMounted(config.root(ctid));
  }

  Duration stopTimeout(Container c) {
    Integer own = c.stopTimeoutSeconds();
    return own == null ? config.stopTimeout() : Duration.ofSeconds(own);
  }

  void requireStopped(Ctid ctid) {
    if (isRunning(ctid)) {
      throw new LaminaException(
          ExitCode.ALREADY_RUNNING,
          "Container " + ctid + " is running",
          "Stop it first: vzctl stop " + ctid);
    }
  }
}
