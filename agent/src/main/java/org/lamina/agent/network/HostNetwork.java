package org.lamina.agent.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.Traffic;
import org.lamina.schema.Ctid;
import org.lamina.schema.LaminaException;
import org.lamina.schema.NetworkConfig;
import org.lamina.schema.TrafficRate;

/**
 * The network of all containers of this daemon. Nothing of the host is touched before the first of
 * them has an address. Thread safe; changes come one after the other.
 */
public final class HostNetwork {
  private static final Logger log = System.getLogger(HostNetwork.class.getName());
  private static final long COUNTERS_NANOS = 100_000_000;

  private final Tools tools = new Tools();
  private final Forwarding forwarding = new Forwarding(Path.of("/proc/sys/net"));
  private final HostView view;
  private final FilterTable table;

  /** Says that the table may be there, for a later daemon. */
  private final Path mark;

  private final Map<Ctid, Connection> connections = new TreeMap<>();
  private Surroundings surroundings = new Surroundings(List.of(), Surroundings.USUAL_MTU);
  private boolean tableStands;
  private Map<String, Traffic> counters = Map.of();
  private long countersAt;

  /** One container; {@code wanted} is null without addresses. */
  private record Connection(
      Path runDirectory, int initPid, NetworkRecord record, @Nullable Wanted wanted) {}

  /** A container that runs when the daemon starts. */
  public record Running(Ctid ctid, Path runDirectory, int initPid) {}

  /**
   * @param runDir the daemon's own
   * @param owner name of the installation, part of the table's name
   * @param devices which interfaces lead outside, see {@link HostView}
   */
  public HostNetwork(Path runDir, String owner, String devices) {
    this.view = new HostView(devices);
    this.table = FilterTable.of(owner);
    this.mark = runDir.resolve("network-table");
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
    if (wantedNow().isEmpty()) {
      removeTable();
      return;
    }
    rebuildTable();
    connections.forEach((ctid, c) -> {
      Wanted wanted = c.wanted();
      if (wanted != null) {
        try {
          mend(c, wanted, devices.containsKey(wanted.link().host()));
        } catch (LaminaException e) {
          log.log(Level.ERROR, "the network of container {0}: {1}", ctid, e.text());
        }
      }
    });
  }

  /** All of it is put again: the kernel keeps what is there as it is. */
  private void mend(Connection c, Wanted wanted, boolean linked) {
    Wanted none =
        new Wanted(
            wanted.link(),
            wanted.mtu(),
            java.util.Set.of(),
            java.util.Set.of(),
            java.util.Set.of(),
            TrafficRate.NONE);
    Change change = Change.between(linked ? none : null, wanted, table.name(), c.initPid());
    forwarding.ofHost(wanted, surroundings);
    tools.ip(change.host());
    forwarding.ofLink(wanted);
    tools.ipInside(c.initPid(), change.guest());
    tools.tc(change.traffic());
  }

  /**
   * Gives a container this network, whatever it had.
   *
   * @param initPid a process in its network namespace
   * @throws LaminaException CANNOT_ADD_IP, IP_IN_USE; the network is as before then
   */
  public synchronized void set(
      Ctid ctid, UUID uuid, Path runDirectory, int initPid, NetworkConfig config) {
    Connection old = connections.get(ctid);
    if (old == null && config.equals(NetworkConfig.NONE)) {
      return;
    }
    if (config.isConnected()) {
      lookAround();
    }
    NetworkRecord record = new NetworkRecord(uuid, config);
    Connection next = new Connection(runDirectory, initPid, record, wanted(ctid, record));
    if (next.wanted() != null) {
      view.requireNotOurs(next.wanted().addresses());
    }
    record.write(runDirectory);
    connections.put(ctid, next);
    try {
      apply(old == null ? null : old.wanted(), next.wanted(), initPid);
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
    Wanted before = old == null ? null : old.wanted();
    Change back = Change.between(failed.wanted(), before, table.name(), failed.initPid());
    updateTable("");
    tools.ipLeniently(back.hostAway() + back.host());
    tools.ipInsideLeniently(failed.initPid(), back.guestAway() + back.guest());
    tools.tcLeniently(back.trafficAway() + back.traffic());
  }

  /** What holds now for a running container. */
  public synchronized NetworkConfig of(Ctid ctid) {
    Connection c = connections.get(ctid);
    return c == null ? NetworkConfig.NONE : c.record().config();
  }

  /** Takes everything of a container away from the host; its own namespace may be gone. */
  public synchronized void remove(Ctid ctid, Path runDirectory) {
    Connection c = connections.remove(ctid);
    Wanted wanted = c != null ? c.wanted() : recorded(ctid, runDirectory);
    if (wanted == null) {
      return;
    }
    Change change = Change.between(wanted, null, table.name(), 0);
    tools.ipLeniently(change.hostAway());
    if (c != null) {
      updateTable(change.filter());
    }
    NetworkRecord.remove(runDirectory);
  }

  private @Nullable Wanted recorded(Ctid ctid, Path runDirectory) {
    return NetworkRecord.read(runDirectory).map(record -> wanted(ctid, record)).orElse(null);
  }

  private @Nullable Wanted wanted(Ctid ctid, NetworkRecord record) {
    return record.config().isConnected()
        ? Wanted.of(Link.of(ctid, record.uuid()), record.config(), surroundings)
        : null;
  }

  private void apply(@Nullable Wanted old, @Nullable Wanted next, int initPid) {
    Change change = Change.between(old, next, table.name(), initPid);
    if (next != null) {
      forwarding.ofHost(next, surroundings);
    }
    // First, so that a container never has a link without its rules.
    updateTable(change.filter());
    tools.ipLeniently(change.hostAway());
    if (next != null) {
      tools.ipInsideLeniently(initPid, change.guestAway());
      if (old == null) {
        tools.ipLeniently("link del " + next.link().host() + "\n");
      }
      tools.ip(change.host());
      forwarding.ofLink(next);
      tools.ipInside(initPid, change.guest());
      tools.tcLeniently(change.trafficAway());
      tools.tc(change.traffic());
    }
  }

  /** The host's own network may have changed since. */
  private void lookAround() {
    Surroundings now = view.surroundings();
    if (now.equals(surroundings)) {
      return;
    }
    surroundings = now;
    if (wantedNow().isEmpty()) {
      return;
    }
    log.log(
        Level.INFO,
        "interfaces that lead outside: {0}",
        now.uplinks().stream().map(Surroundings.Uplink::name).toList());
    connections.replaceAll((ctid, c) -> {
      Wanted next = wanted(ctid, c.record());
      if (c.wanted() != null && next != null) {
        forwarding.ofHost(next, now);
        Change change = Change.between(c.wanted(), next, table.name(), c.initPid());
        tools.ipLeniently(change.hostAway() + change.host());
      }
      return new Connection(c.runDirectory(), c.initPid(), c.record(), next);
    });
    rebuildTable();
  }

  /** By a small change, or anew where that fails, as when somebody flushed all tables. */
  private void updateTable(String change) {
    if (wantedNow().isEmpty()) {
      removeTable();
    } else if (!tableStands || change.isEmpty() || !tools.nft(change).ok()) {
      rebuildTable();
    }
  }

  private void rebuildTable() {
    try {
      Files.createDirectories(mark.getParent());
      Files.writeString(mark, table.name() + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    tools.requireNft(table.rebuilt(surroundings, wantedNow()));
    tableStands = true;
  }

  private void removeTable() {
    if (!Files.exists(mark)) {
      return;
    }
    tools.requireNft(table.removed());
    tableStands = false;
    try {
      Files.deleteIfExists(mark);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Wanted> wantedNow() {
    return connections.values().stream()
        .map(Connection::wanted)
        .filter(java.util.Objects::nonNull)
        .toList();
  }

  /** What went to and from a container since it was connected, as it sees it. */
  public synchronized Optional<Traffic> traffic(Ctid ctid) {
    Connection c = connections.get(ctid);
    if (c == null || c.wanted() == null) {
      return Optional.empty();
    }
    long now = System.nanoTime();
    if (now - countersAt > COUNTERS_NANOS) {
      counters = view.counters();
      countersAt = now;
    }
    return Optional.ofNullable(counters.get(c.wanted().link().host())).map(Traffic::fromOtherSide);
  }

  /** What on this host would keep packets from containers, one sentence each. */
  public List<String> obstacles() {
    String chains = tools.chains();
    List<String> found = new ArrayList<>(ForeignDrops.explain(chains, table.name()));
    synchronized (this) {
      if (tableStands && !chains.contains("table inet " + table.name() + " {")) {
        rebuildTable();
        found.add(
            "the table inet "
                + table.name()
                + " was gone, so containers were not kept apart; it has been written again; see"
                + " that no script of the host flushes tables of others");
      }
    }
    return found;
  }
}
