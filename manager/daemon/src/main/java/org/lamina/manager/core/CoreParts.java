package org.lamina.manager.core;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ContainerRuntime;
import org.lamina.agent.LaunchSpec;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
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
    PrivateAreas areas) {

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
        areas.delta(c.ctid()),
        c.limits(),
        c.network(),
        c.bindMounts());
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
   * Whether the addresses and ports are nobody else's, saved or live. The database refuses what is
   * saved twice as well; this says who has it.
   *
   * @throws LaminaException IP_IN_USE
   */
  void requireFreeNetwork(Ctid ctid, NetworkConfig network) {
    if (!network.isConnected() && network.ports().isEmpty()) {
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
    Set<IpAddress> taken = new HashSet<>();
    theirs.addresses().forEach(a -> taken.add(a.address()));
    for (GuestAddress address : asked.addresses()) {
      if (taken.contains(address.address())) {
        throw new LaminaException(
            ExitCode.IP_IN_USE,
            "the address " + address.address() + " is in use by container " + other);
      }
    }
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
