package org.lamina.manager.core.patch;

import java.util.List;

/**
 * @param containers by CTID
 */
public record RunReport(Run run, List<ContainerReport> containers) {
  public RunReport {
    containers = List.copyOf(containers);
  }

  public long count(Outcome outcome) {
    return containers.stream().filter(c -> c.outcome() == outcome).count();
  }

  /** Whether any container has not what it was to get, or has old code in use. */
  public boolean behind() {
    return containers.stream()
        .anyMatch(c -> c.outcome().behind() || !c.remaining().isEmpty() || !c.stale().isEmpty());
  }
}
