package org.lamina.agent.network;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.NetworkHost;
import org.lamina.agent.Traffic;
import org.lamina.agent.sys.Kernel;
import org.lamina.schema.AddressRange;
import org.lamina.schema.Ctid;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.NetworkConfig;

/**
 * The network of all containers of this daemon. Nothing of the host is touched before the first of
 * them has an address or an interface. Thread safe; changes come one after the other.
 */
public final class HostNetwork implements NetworkHost {
  private static final Logger log = System.getLogger(HostNetwork.class.getName());
  private static final long COUNTERS_NANOS = 100_000_000;

  private final Tools tools;
  private final Forwarding forwarding = new Forwarding(Path.of("/proc/sys/net"));
  private final HostView view;
  private final FilterKeeper filter;
  private final Links links;
  private final BridgeNetworks bridges;
  private final AddressProbe probe;

  private final Map<Ctid, Connection> connections = new TreeMap<>();
  private Surroundings surroundings = new Surroundings(List.of(), Surroundings.USUAL_MTU);
  private final Map<String, Optional<Integer>> bridgeMtus = new HashMap<>();
  private Map<String, Traffic> counters = Map.of();
  private long countersAt;

  /** One container. */
  private record Connection(
      Path runDirectory, int initPid, NetworkRecord record, Connected wanted) {}

  /** A container that runs when the daemon starts. */
  public record Running(Ctid ctid, Path runDirectory, int initPid) {}

  /**
   * @param runDir the daemon's own
   * @param owner name of the installation, part of the tables' name
   * @param devices which interfaces lead outside, see {@link HostView}
   * @param ends completes when a child has ended; only ever waited for
   * @param watch likewise, for any process and with things to do then
   */
  public HostNetwork(
      Kernel kernel,
      Path runDir,
      String owner,
      String devices,
      IntFunction<CompletableFuture<Integer>> ends,
      IntFunction<CompletableFuture<Integer>> watch) {
    this.tools = new Tools(new Programs(kernel, ends));
    this.probe = new AddressProbe(tools);
    this.view = new HostView(tools, devices);
    this.filter = new FilterKeeper(tools, FilterTable.of(owner), runDir);
    this.links = new Links(tools, forwarding, filter.name());
    this.bridges = new BridgeNetworks(tools, runDir, watch, this);
  }

  /**
   * Takes over what an earlier daemon left, mends what is missing of it and removes what belongs to
   * nobody.
   */
  public synchronized void takeOver(List<Running> running) {
    surroundings = view.surroundings();
    Map<String, Traffic> devices = view.counters();
    for (Running r : running) {
      NetworkRecord.read(r.runDirectory())
          .ifPresent(record ->
              connections.put(
                  r.ctid(),
                  new Connection(r.runDirectory(), r.initPid(), record, wanted(r.ctid(), record))));
    }
    filter.rebuild(content());
    connections.forEach((ctid, c) -> {
      try {
        finish(ctid, c);
        links.mend(c.wanted(), c.initPid(), devices::containsKey, surroundings);
        devices(c).set(c.record().config().devices(), c.initPid());
      } catch (LaminaException e) {
        log.log(Level.ERROR, "the network of container {0}: {1}", ctid, e.text());
      }
    });
  }

  /** Takes away what a change that an earlier daemon did not complete was to take away. */
  private void finish(Ctid ctid, Connection c) {
    NetworkConfig before = c.record().before();
    if (before != null) {
      NetworkRecord complete = new NetworkRecord(c.record().uuid(), c.record().config());
      Connected old = wanted(ctid, new NetworkRecord(complete.uuid(), before));
      Change change = links.change(old, c.wanted(), c.initPid());
      tools.ipLeniently(change.hostAway());
      tools.ipInsideLeniently(c.initPid(), change.guestAway());
      tools.tcLeniently(change.trafficAway());
      complete.write(c.runDirectory());
    }
  }

  private MovedDevices devices(Connection c) {
    return new MovedDevices(tools, c.runDirectory());
  }

  private FilterTable.Content content() {
    return new FilterTable.Content(
        surroundings,
        bridges.networks(),
        connections.values().stream().map(Connection::wanted).filter(c -> !c.isEmpty()).toList());
  }

  /**
   * Gives a container that starts this network. A bridge that is not there leaves the interface
   * without one; {@link #obstacles} tells of it.
   *
   * @param initPid a process in its network namespace, where nobody can send anything yet
   * @throws LaminaException CANNOT_ADD_IP, IP_IN_USE, VETH_FAILED, NETDEV_FAILED
   */
  public synchronized void connect(
      Ctid ctid, UUID uuid, Path runDirectory, int initPid, NetworkConfig config) {
    change(
        ctid,
        new Connection(runDirectory, initPid, new NetworkRecord(uuid, config), Connected.NOT),
        true);
  }

  /**
   * Gives a running container this network, whatever it had.
   *
   * @param initPid a process in its network namespace
   * @throws LaminaException CANNOT_ADD_IP, IP_IN_USE, VETH_FAILED, NETDEV_FAILED; the network is as
   *     before then
   */
  public synchronized void set(
      Ctid ctid, UUID uuid, Path runDirectory, int initPid, NetworkConfig config) {
    view.requireBridges(of(ctid), config);
    change(
        ctid,
        new Connection(runDirectory, initPid, new NetworkRecord(uuid, config), Connected.NOT),
        false);
  }

  /**
   * @param silent whether nobody inside can send anything yet
   */
  private void change(Ctid ctid, Connection asked, boolean silent) {
    NetworkConfig config = asked.record().config();
    Connection old = connections.get(ctid);
    if (old == null && config.equals(NetworkConfig.NONE)) {
      return;
    }
    if (config.isConnected() || !config.interfaces().isEmpty()) {
      lookAround();
    }
    Connection next =
        new Connection(
            asked.runDirectory(), asked.initPid(), asked.record(), wanted(ctid, asked.record()));
    Connected before = old == null ? Connected.NOT : old.wanted();
    view.requireNotOurs(config.owned());
    view.requireMovable(
        old == null ? NetworkConfig.NONE : old.record().config(), config, surroundings);
    links.requireOwn(before, next.wanted());
    next.record()
        .after(old == null ? NetworkConfig.NONE : old.record().config())
        .write(next.runDirectory());
    connections.put(ctid, next);
    try {
      Change change = links.change(before, next.wanted(), next.initPid());
      Runnable rules = () -> filter.update(change.filter(), content());
      Runnable interfaces =
          () -> links.apply(change, before, next.wanted(), next.initPid(), surroundings);
      if (silent || (before.isWithin(next.wanted()) && next.wanted().isWithin(before))) {
        Together.run(rules, interfaces);
      } else {
        // One after the other, so that a container never sends by an interface without its rules.
        rules.run();
        interfaces.run();
      }
      devices(next).set(config.devices(), next.initPid());
      next.record().write(next.runDirectory());
    } catch (RuntimeException e) {
      restore(ctid, old, next);
      throw e;
    }
  }

  private void restore(Ctid ctid, @Nullable Connection old, Connection failed) {
    if (old == null) {
      connections.remove(ctid);
      NetworkRecord.remove(failed.runDirectory());
    } else {
      connections.put(ctid, old);
      old.record().write(old.runDirectory());
    }
    Connected before = old == null ? Connected.NOT : old.wanted();
    filter.update("", content());
    links.takeBack(failed.wanted(), before, failed.initPid());
    try {
      devices(failed)
          .set(old == null ? List.of() : old.record().config().devices(), failed.initPid());
    } catch (LaminaException e) {
      log.log(Level.ERROR, "the network of container {0}: {1}", ctid, e.text());
    }
  }

  /** What holds now for a running container. */
  public synchronized NetworkConfig of(Ctid ctid) {
    Connection c = connections.get(ctid);
    return c == null ? NetworkConfig.NONE : c.record().config();
  }

  /** Takes everything of a container away from the host; its own namespace may be gone. */
  public synchronized void remove(Ctid ctid, Path runDirectory) {
    Connection c = connections.remove(ctid);
    new MovedDevices(tools, runDirectory).giveAllBack();
    Connected wanted = c == null ? Connected.NOT : c.wanted();
    if (!wanted.isEmpty()) {
      Change change = links.change(wanted, Connected.NOT, 0);
      tools.ipLeniently(change.hostAway());
      filter.update(change.filter(), content());
    }
    if (c == null) {
      NetworkRecord.read(runDirectory).ifPresent(record -> removeRecorded(ctid, record));
    }
    NetworkRecord.remove(runDirectory);
  }

  /** What an earlier daemon made, parts of a change that it did not complete included. */
  private void removeRecorded(Ctid ctid, NetworkRecord record) {
    Change away = links.change(wanted(ctid, record), Connected.NOT, 0);
    NetworkConfig before = record.before();
    if (before != null) {
      away =
          away.and(
              links.change(
                  wanted(ctid, new NetworkRecord(record.uuid(), before)), Connected.NOT, 0));
    }
    tools.ipLeniently(away.hostAway());
  }

  private Connected wanted(Ctid ctid, NetworkRecord record) {
    return Connected.of(Link.of(ctid, record.uuid()), record.config(), surroundings, this::mtuOf);
  }

  /** Many containers are on one bridge, and looking at one takes a program. */
  private @Nullable Integer mtuOf(String bridge) {
    return bridgeMtus
        .computeIfAbsent(bridge, name -> Optional.ofNullable(view.mtuOf(name)))
        .orElse(null);
  }

  /** The host's own network may have changed since. */
  private void lookAround() {
    bridgeMtus.clear();
    Surroundings now = view.surroundings();
    boolean same = now.equals(surroundings);
    surroundings = now;
    boolean[] changed = {!same};
    connections.replaceAll((ctid, c) -> {
      Connected next = wanted(ctid, c.record());
      if (!next.equals(c.wanted())) {
        changed[0] = true;
        forwarding.ofHost(next, now);
        Change change = links.change(c.wanted(), next, c.initPid());
        tools.ipLeniently(change.hostAway() + change.host());
      }
      return new Connection(c.runDirectory(), c.initPid(), c.record(), next);
    });
    if (changed[0] && !content().isEmpty()) {
      log.log(
          Level.INFO,
          "interfaces that lead outside: {0}",
          now.uplinks().stream().map(Surroundings.Uplink::name).toList());
      filter.rebuild(content());
    }
  }

  /** What went to and from a container since it was connected, as it sees it. */
  public synchronized Optional<Traffic> traffic(Ctid ctid) {
    Connection c = connections.get(ctid);
    if (c == null || c.wanted().isEmpty()) {
      return Optional.empty();
    }
    long now = System.nanoTime();
    if (now - countersAt > COUNTERS_NANOS) {
      counters = view.counters();
      countersAt = now;
    }
    return c.wanted().hostNames().stream()
        .map(counters::get)
        .filter(java.util.Objects::nonNull)
        .reduce(Traffic::plus)
        .map(Traffic::fromOtherSide);
  }

  /** What on this host would keep packets from containers, one sentence each. */
  public List<String> obstacles() {
    String chains = tools.chains();
    List<String> found = new ArrayList<>(ForeignDrops.explain(chains, filter.name()));
    synchronized (this) {
      if (filter.stands() && !chains.contains("table inet " + filter.name() + " {")) {
        filter.rebuild(content());
        found.add(
            "the table inet "
                + filter.name()
                + " was gone, so containers were not kept apart; it has been written again; see"
                + " that no script of the host flushes tables of others");
      }
      connections.forEach((ctid, c) -> found.addAll(c.wanted().missingBridges()));
    }
    return found;
  }

  @Override
  public synchronized void makeNetwork(Served wanted) {
    String name = wanted.network().name();
    bridges.requireNew(name);
    surroundings = view.surroundings();
    bridges.add(wanted);
    try {
      forwarding.ofHost(true, wanted.network().subnet6() != null, surroundings);
      filter.rebuild(content());
      bridges.bringUp(wanted);
    } catch (RuntimeException e) {
      removeNetwork(name);
      throw e;
    }
  }

  @Override
  public synchronized void serve(List<Served> all) {
    boolean same = bridges.networks().equals(all.stream().map(Served::network).toList());
    List<Served> different = bridges.replace(all);
    if (!same) {
      surroundings = view.surroundings();
      for (Served s : all) {
        forwarding.ofHost(true, s.network().subnet6() != null, surroundings);
      }
      filter.rebuild(content());
    }
    bridges.bringUpAll(different);
    if (!same) {
      lookAround();
    }
  }

  @Override
  public synchronized void removeNetwork(String name) {
    bridges.remove(name);
    filter.rebuild(content());
  }

  @Override
  public synchronized boolean isServed(String name) {
    return bridges.isServed(name);
  }

  @Override
  public List<AddressRange> networksOfHost() {
    return view.networks();
  }

  @Override
  public Optional<String> answering(Collection<IpAddress> addresses) {
    return addresses.isEmpty() ? Optional.empty() : probe.answering(addresses);
  }
}
