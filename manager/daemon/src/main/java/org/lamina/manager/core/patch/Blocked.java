package org.lamina.manager.core.patch;

import org.lamina.templates.patch.ContainerPlan;

/** A container that must not be moved until a person has decided something; it was not touched. */
final class Blocked extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient ContainerPlan plan;

  Blocked(ContainerPlan plan) {
    super("container " + plan.ctid() + " needs a decision first", null, false, false);
    this.plan = plan;
  }

  ContainerPlan plan() {
    return plan;
  }
}
