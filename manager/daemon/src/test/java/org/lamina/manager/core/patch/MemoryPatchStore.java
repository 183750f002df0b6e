package org.lamina.manager.core.patch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.lamina.schema.Ctid;

/** A store that lives as long as the test does. */
public final class MemoryPatchStore implements PatchStore {
  private final TreeMap<Long, Run> runs = new TreeMap<>();
  private final TreeMap<Long, TreeMap<Integer, ContainerReport>> reports = new TreeMap<>();

  @Override
  public synchronized Run begin(String action, RolloutRequest request) {
    long id = runs.isEmpty() ? 1 : runs.lastKey() + 1;
    Run run = new Run(id, action, request, Run.State.RUNNING, Instant.EPOCH, null, null);
    put(run);
    return run;
  }

  @Override
  public synchronized void put(Run run) {
    runs.put(run.id(), run);
  }

  @Override
  public synchronized void put(long run, ContainerReport report) {
    reports.computeIfAbsent(run, r -> new TreeMap<>()).put(report.ctid(), report);
  }

  @Override
  public synchronized Optional<Run> find(long id) {
    return Optional.ofNullable(runs.get(id));
  }

  @Override
  public synchronized List<Run> latest(int limit) {
    return runs.descendingMap().values().stream().limit(limit).toList();
  }

  @Override
  public synchronized List<ContainerReport> reports(long run) {
    return new ArrayList<>(reports.getOrDefault(run, new TreeMap<>()).values());
  }

  @Override
  public synchronized Optional<ContainerReport> latest(Ctid ctid) {
    return reports.descendingMap().values().stream()
        .map((Map<Integer, ContainerReport> m) -> m.get(ctid.value()))
        .filter(r -> r != null)
        .findFirst();
  }

  @Override
  public synchronized List<Run> unfinished() {
    return runs.values().stream().filter(r -> r.state() == Run.State.RUNNING).toList();
  }
}
