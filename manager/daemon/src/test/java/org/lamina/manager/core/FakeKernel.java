package org.lamina.manager.core;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.lamina.agent.ExitCause;
import org.lamina.agent.LaunchSpec;
import org.lamina.schema.Ctid;

/** What outlives a daemon: running containers, mounts, and the traces of both. */
final class FakeKernel {
  final FakeNetworkHost network = new FakeNetworkHost();
  final Map<Ctid, FakeInit> running = new ConcurrentHashMap<>();
  final Map<Ctid, ExitCause> exits = new ConcurrentHashMap<>();
  final Set<Ctid> traces = new ConcurrentSkipListSet<>();
  final Set<Path> mounts = new ConcurrentSkipListSet<>();
  final Map<Ctid, LaunchSpec> specs = new ConcurrentHashMap<>();

  /** Containers whose init does not react to a power-off. */
  final Set<Ctid> stubborn = new ConcurrentSkipListSet<>();

  /** What keeps packets from containers. */
  volatile List<String> obstacles = List.of();

  FakeInit boot(LaunchSpec spec) {
    FakeInit init = new FakeInit(this, spec.ctid(), 1000 + spec.ctid().value());
    init.network = spec.network();
    exits.remove(spec.ctid());
    specs.put(spec.ctid(), spec);
    running.put(spec.ctid(), init);
    return init;
  }

  /** Init ends by itself, as after a command typed inside. */
  void end(Ctid ctid, ExitCause.Kind kind) {
    running.get(ctid).end(new ExitCause(kind, 0));
  }

  Set<Ctid> runningNow() {
    return new TreeSet<>(running.keySet());
  }
}
