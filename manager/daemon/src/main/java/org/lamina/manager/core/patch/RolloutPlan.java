package org.lamina.manager.core.patch;

import java.util.List;
import org.lamina.schema.Ctid;
import org.lamina.templates.patch.ContainerPlan;
import org.lamina.templates.patch.PackageChange;

/**
 * What a roll-out would do.
 *
 * @param packages between the oldest generation that any of the containers has and the target
 * @param containers by CTID
 */
public record RolloutPlan(
    String template, int to, List<PackageChange> packages, List<Planned> containers) {
  public RolloutPlan {
    packages = List.copyOf(packages);
    containers = List.copyOf(containers);
  }

  /**
   * @param from generation it has now
   * @param blocked it is not moved before a person has decided something
   */
  public record Planned(
      Ctid ctid, int from, boolean running, boolean blocked, ContainerPlan plan) {}
}
