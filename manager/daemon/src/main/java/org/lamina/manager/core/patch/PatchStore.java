package org.lamina.manager.core.patch;

import java.util.List;
import java.util.Optional;
import org.lamina.schema.Ctid;

/** Runs and their reports. Every change survives {@code kill -9} when the call returns. */
public interface PatchStore {
  /** Keeps a new run; its id is chosen here. */
  Run begin(String action, RolloutRequest request);

  /** Replaces a run. */
  void put(Run run);

  /** Keeps or replaces what happened to one container. */
  void put(long run, ContainerReport report);

  Optional<Run> find(long id);

  /** The newest first. */
  List<Run> latest(int limit);

  /** By CTID. */
  List<ContainerReport> reports(long run);

  /** What the newest run that reached the container says of it. */
  Optional<ContainerReport> latest(Ctid ctid);

  /** Runs that an earlier daemon left in the middle, the oldest first. */
  List<Run> unfinished();
}
