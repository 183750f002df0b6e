package org.lamina.manager.core;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.AddressRange;
import org.lamina.schema.BridgeNetwork;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.FileWord;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Netif;
import org.lamina.schema.NetworkConfig;

/** Networks and pools: the database first, then the kernel; a failure takes both back. */
final class DefaultNetworkService implements NetworkService {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final CoreParts parts;
  private final NetworkMembers members;
  private final Operations operations;
  private final Object changing = new Object();

  DefaultNetworkService(CoreParts parts, NetworkMembers members, Operations operations) {
    this.parts = parts;
    this.members = members;
    this.operations = operations;
  }

  @Override
  public List<NetworkView> networks() {
    return parts.networks().networks().stream().map(this::view).toList();
  }

  private NetworkView view(BridgeNetwork network) {
    List<Place> places = new ArrayList<>();
    for (Container c : parts.store().all()) {
      NetworkConfig now =
          parts.runtime().running(c.ctid()).map(r -> r.network()).orElse(c.network());
      for (Netif n : now.interfaces()) {
        if (network.name().equals(n.bridge())) {
          n.owned()
              .forEach(
                  a -> places.add(new Place(c.ctid(), smartName(c), n.name(), a, n.isLease(a))));
        }
      }
    }
    return new NetworkView(network, parts.runtime().network().isServed(network.name()), places);
  }

  private static String smartName(Container c) {
    String name = c.name();
    return name != null ? name : c.ctid().toString();
  }

  @Override
  public NetworkView network(String name) {
    return networks().stream()
        .filter(n -> n.network().name().equals(name))
        .findFirst()
        .orElseThrow(() -> unknown(name));
  }

  private static LaminaException unknown(String name) {
    return new LaminaException(
        ExitCode.BAD_PARAMETER,
        "there is no network " + org.lamina.schema.Printable.shorten(name, 40),
        "Make it: lamina network create");
  }

  @Override
  public NetworkView createNetwork(
      String name,
      @Nullable String subnet4,
      @Nullable String subnet6,
      @Nullable String domain,
      Listener listener) {
    return operations.run(
        "create-network",
        name,
        listener,
        task -> {
          synchronized (changing) {
            BridgeNetwork network =
                new BridgeNetwork(
                    name,
                    subnet4 == null ? freeSubnet() : subnet4,
                    "auto".equals(subnet6) ? randomSubnet() : subnet6,
                    domain == null ? BridgeNetwork.DEFAULT_DOMAIN : domain);
            requireApart(network);
            parts.networks().add(network);
            try {
              parts.runtime().network().makeNetwork(members.served(network));
            } catch (RuntimeException e) {
              var _ = parts.networks().removeNetwork(name);
              throw e;
            }
            task.say(
                "Network "
                    + name
                    + " was created: "
                    + network.subnet4()
                    + ", gateway "
                    + network.gateway4());
            return view(network);
          }
        });
  }

  /** What the host is in or routes to, other networks here, pools, and containers' addresses. */
  private List<AddressRange> inUse() {
    List<AddressRange> all = new ArrayList<>(parts.runtime().network().networksOfHost());
    for (BridgeNetwork n : parts.networks().networks()) {
      all.add(AddressRange.parse(n.subnet4()));
      String subnet6 = n.subnet6();
      if (subnet6 != null) {
        all.add(AddressRange.parse(subnet6));
      }
    }
    parts.networks().pools().forEach(p -> all.add(p.range()));
    for (Container c : parts.store().all()) {
      for (IpAddress a : c.network().owned()) {
        all.add(new AddressRange(a, a, a.bits()));
      }
    }
    return all;
  }

  private void requireApart(BridgeNetwork network) {
    String subnet6 = network.subnet6();
    for (AddressRange other : inUse()) {
      if (AddressRange.parse(network.subnet4()).overlaps(other)
          || (subnet6 != null && AddressRange.parse(subnet6).overlaps(other))) {
        throw new LaminaException(
            ExitCode.IP_IN_USE,
            "the network " + network.subnet4() + " overlaps with " + other + ", which is in use",
            "Choose another with --subnet, or leave it out.");
      }
    }
  }

  /** The first of 10.37.0.0/24, 10.38.0.0/24, ... that nothing here is in conflict with. */
  private String freeSubnet() {
    List<AddressRange> inUse = inUse();
    return IntStream.range(0, 256)
        .mapToObj(n -> "10." + (37 + n) % 256 + ".0.0/24")
        .filter(s -> inUse.stream().noneMatch(AddressRange.parse(s)::overlaps))
        .findFirst()
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.NO_FREE_ADDRESS,
                "every network tried is in use on this host",
                "Choose one with --subnet."));
  }

  private static String randomSubnet() {
    return "fd%02x:%04x:%04x::/64"
        .formatted(RANDOM.nextInt(256), RANDOM.nextInt(65_536), RANDOM.nextInt(65_536));
  }

  @Override
  public void destroyNetwork(String name, Listener listener) {
    var _ =
        operations.run(
            "destroy-network",
            name,
            listener,
            task -> {
              synchronized (changing) {
                requireEmpty(name);
                if (!parts.networks().removeNetwork(name)) {
                  throw unknown(name);
                }
                parts.runtime().network().removeNetwork(name);
                task.say("Network " + name + " was destroyed");
                return true;
              }
            });
  }

  private void requireEmpty(String name) {
    Set<Ctid> on = new TreeSet<>();
    for (Container c : parts.store().all()) {
      boolean live =
          parts.runtime().running(c.ctid()).filter(r -> isOn(name, r.network())).isPresent();
      if (live || isOn(name, c.network())) {
        on.add(c.ctid());
      }
    }
    if (!on.isEmpty()) {
      throw new LaminaException(
          ExitCode.IP_IN_USE,
          "containers are on the network "
              + name
              + ": "
              + on.stream().map(Ctid::toString).collect(Collectors.joining(", ")),
          "Take their interfaces away first: vzctl set CTID --netif_del NAME --save");
    }
  }

  private static boolean isOn(String name, NetworkConfig config) {
    return config.interfaces().stream().anyMatch(n -> name.equals(n.bridge()));
  }

  @Override
  public List<PoolView> pools() {
    List<IpAddress> owned =
        parts.store().all().stream()
            .flatMap(c ->
                java.util.stream.Stream.concat(
                        c.network().owned().stream(),
                        parts.runtime().running(c.ctid()).stream()
                            .flatMap(r -> r.network().owned().stream()))
                    .distinct())
            .toList();
    return parts.networks().pools().stream()
        .map(p ->
            new PoolView(
                p,
                owned.stream().filter(p.range()::contains).count(),
                p.range().size().min(BigInteger.valueOf(Long.MAX_VALUE)).longValue()))
        .toList();
  }

  @Override
  public AddressPool createPool(String name, String range, Listener listener) {
    AddressPool pool =
        new AddressPool(
            FileWord.check(name, "pool", ExitCode.BAD_PARAMETER), AddressRange.parse(range));
    synchronized (changing) {
      for (AddressPool other : parts.networks().pools()) {
        if (other.range().overlaps(pool.range())) {
          throw new LaminaException(
              ExitCode.IP_IN_USE,
              "the range " + range + " overlaps with pool " + other.name() + ", " + other.range());
        }
      }
      parts.networks().add(pool);
    }
    listener.say("Pool " + name + " was created: " + pool.range().size() + " addresses");
    return pool;
  }

  @Override
  public void destroyPool(String name, Listener listener) {
    if (!parts.networks().removePool(name)) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "there is no pool " + org.lamina.schema.Printable.shorten(name, 40),
          "See: lamina pool list");
    }
    listener.say("Pool " + name + " was destroyed; containers keep their addresses");
  }
}
