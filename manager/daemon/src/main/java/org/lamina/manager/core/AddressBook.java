package org.lamina.manager.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.AddressRange;
import org.lamina.schema.BridgeNetwork;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAddress;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Netif;
import org.lamina.schema.NetifChange;
import org.lamina.schema.NetworkChange;
import org.lamina.schema.NetworkConfig;
import org.lamina.schema.PoolRequest;

/** Who has which address on this host, and which are still to be had. Thread safe. */
final class AddressBook {
  private final CoreParts parts;
  private final ReentrantLock choosing = new ReentrantLock();

  AddressBook(CoreParts parts) {
    this.parts = parts;
  }

  /** Nobody else chooses an address until this is closed. */
  @FunctionalInterface
  interface Choosing extends AutoCloseable {
    @Override
    void close();
  }

  /** To be held from a choice until it is saved or live; nothing is held if there is no choice. */
  Choosing choosing(NetworkChange change, NetworkConfig now) {
    boolean asked =
        change.wantsAddress()
            || !change.interfaces().isEmpty()
            || now.interfaces().stream().anyMatch(n -> n.dhcp4() || n.dhcp6());
    if (!asked) {
      return () -> {};
    }
    choosing.lock();
    return choosing::unlock;
  }

  /**
   * The change with an address in the place of each that was to be chosen.
   *
   * @param now the network it is applied to
   * @throws LaminaException NO_FREE_ADDRESS, BAD_PARAMETER for a pool that is not there
   */
  NetworkChange resolve(Ctid ctid, NetworkChange change, NetworkConfig now) {
    if (!change.wantsAddress()) {
      return change;
    }
    Set<IpAddress> taken = taken(ctid);
    taken.addAll(now.owned());
    change.added().forEach(a -> taken.add(a.address()));
    List<GuestAddress> chosen =
        change.wanted().stream().map(request -> next(request, null, taken)).toList();
    NetifChange interfaces = change.interfaces();
    List<NetifChange.Edit> edits = new ArrayList<>();
    for (NetifChange.Edit edit : interfaces.edits()) {
      String bridge = bridge(edit, interfaces, now);
      edits.add(
          edit.resolved(
              edit.wanted().stream().map(request -> next(request, bridge, taken)).toList()));
    }
    return change.resolved(
        chosen,
        new NetifChange(
            interfaces.deleteAll(),
            interfaces.deleted(),
            interfaces.added(),
            edits,
            interfaces.returnAll(),
            interfaces.returned(),
            interfaces.taken()));
  }

  private static @Nullable String bridge(
      NetifChange.Edit edit, NetifChange interfaces, NetworkConfig now) {
    if (edit.bridge() != null) {
      return edit.bridge();
    }
    for (NetifChange.Addition a : interfaces.added()) {
      if (a.name().equals(edit.name())) {
        return a.bridge();
      }
    }
    return now.interfaces().stream()
        .filter(n -> n.name().equals(edit.name()))
        .findFirst()
        .map(Netif::bridge)
        .orElse(null);
  }

  /**
   * @param bridge of the interface it is for; a network of Lamina's has addresses of its own
   */
  private GuestAddress next(PoolRequest request, @Nullable String bridge, Set<IpAddress> taken) {
    List<AddressRange> ranges = ranges(request, bridge);
    if (ranges.isEmpty()) {
      throw new LaminaException(
          ExitCode.NO_FREE_ADDRESS,
          "there is no pool of IPv" + (request.v6() ? 6 : 4) + " addresses",
          "Make one: lamina pool create NAME RANGE");
    }
    for (AddressRange range : ranges) {
      Optional<IpAddress> free = range.next(taken);
      if (free.isPresent()) {
        taken.add(free.get());
        return new GuestAddress(free.get(), range.prefix());
      }
    }
    throw new LaminaException(
        ExitCode.NO_FREE_ADDRESS,
        request.pool() == null
            ? "every address of the pools is in use"
            : "every address of pool " + request.pool() + " is in use",
        "Make another pool: lamina pool create NAME RANGE");
  }

  private List<AddressRange> ranges(PoolRequest request, @Nullable String bridge) {
    if (request.pool() != null) {
      return parts.networks().pools().stream()
          .filter(p -> p.name().equals(request.pool()))
          .findFirst()
          .map(p -> List.of(p.range()))
          .orElseThrow(() ->
              new LaminaException(
                  ExitCode.BAD_PARAMETER,
                  "there is no pool " + request.pool(),
                  "See: lamina pool list"));
    }
    Optional<BridgeNetwork> network = network(bridge);
    if (network.isPresent() && (!request.v6() || network.get().subnet6() != null)) {
      return List.of(network.get().range(request.v6()));
    }
    return parts.networks().pools().stream()
        .map(AddressPool::range)
        .filter(r -> r.isV6() == request.v6())
        .toList();
  }

  private Optional<BridgeNetwork> network(@Nullable String bridge) {
    return bridge == null
        ? Optional.empty()
        : parts.networks().networks().stream().filter(n -> n.name().equals(bridge)).findFirst();
  }

  /** The network with what Lamina's own networks give to the interfaces on them. */
  NetworkConfig complete(Ctid ctid, NetworkConfig network) {
    if (network.interfaces().isEmpty()) {
      return network;
    }
    Set<IpAddress> taken = new HashSet<>();
    List<Netif> completed = new ArrayList<>();
    for (Netif n : network.interfaces()) {
      BridgeNetwork own = network(n.bridge()).orElse(null);
      if (own == null) {
        completed.add(n.completed(null, null, n.gateway4(), n.gateway6()));
        continue;
      }
      boolean has6 = own.subnet6() != null;
      if (taken.isEmpty() && (wantsLease(n, own, false) || (has6 && wantsLease(n, own, true)))) {
        taken.addAll(taken(ctid));
        taken.addAll(network.owned());
      }
      IpAddress lease = lease(n, own, false, taken);
      IpAddress lease6 = has6 ? lease(n, own, true, taken) : null;
      boolean inside4 = lease != null || hasAddressOf(n, own.subnet4());
      boolean inside6 = own.subnet6() != null && hasAddressOf(n, own.subnet6());
      completed.add(
          n.completed(
              lease,
              lease6,
              n.gateway4() == null && inside4 ? own.gateway4() : n.gateway4(),
              n.gateway6() == null && inside6 ? own.gateway6().orElse(null) : n.gateway6()));
    }
    return network.withInterfaces(completed);
  }

  /** Whether it asks and has no answer of that network yet. */
  private static boolean wantsLease(Netif n, BridgeNetwork own, boolean v6) {
    IpAddress lease = v6 ? n.lease6() : n.lease();
    return (v6 ? n.dhcp6() : n.dhcp4()) && (lease == null || !own.range(v6).contains(lease));
  }

  /**
   * What it is to be answered; null if it does not ask.
   *
   * @param taken by others; the answer is added
   */
  private @Nullable IpAddress lease(Netif n, BridgeNetwork own, boolean v6, Set<IpAddress> taken) {
    if (wantsLease(n, own, v6)) {
      return next(new PoolRequest(null, v6), own.name(), taken).address();
    }
    return (v6 ? n.dhcp6() : n.dhcp4()) ? v6 ? n.lease6() : n.lease() : null;
  }

  private static boolean hasAddressOf(Netif n, String subnet) {
    AddressRange range = AddressRange.parse(subnet);
    return n.addresses().stream().anyMatch(a -> range.contains(a.address()));
  }

  /** Every address that is another container's, saved or live, or a gateway of a network here. */
  private Set<IpAddress> taken(Ctid ctid) {
    Set<IpAddress> taken = new HashSet<>();
    for (Container other : parts.store().all()) {
      if (!other.ctid().equals(ctid)) {
        taken.addAll(other.network().owned());
        parts.runtime().running(other.ctid()).ifPresent(r -> taken.addAll(r.network().owned()));
      }
    }
    for (BridgeNetwork n : parts.networks().networks()) {
      taken.add(n.gateway4());
      n.gateway6().ifPresent(taken::add);
    }
    return taken;
  }

  /**
   * Whether nobody on the host's networks answers for addresses that are new to the container.
   *
   * @throws LaminaException IP_IN_USE
   */
  void requireSilence(Collection<IpAddress> next, Collection<IpAddress> had) {
    Set<IpAddress> asked = new HashSet<>(next);
    had.forEach(asked::remove);
    List<BridgeNetwork> own = parts.networks().networks();
    asked.removeIf(a -> own.stream().anyMatch(n -> n.contains(a)));
    if (asked.isEmpty()) {
      return;
    }
    parts
        .runtime()
        .network()
        .answering(asked)
        .ifPresent(who -> {
          throw new LaminaException(
              ExitCode.IP_IN_USE,
              "the address " + who,
              "Choose another, or do not ask with --skip_arpdetect.");
        });
  }
}
