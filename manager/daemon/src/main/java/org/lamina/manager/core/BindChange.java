package org.lamina.manager.core;

import java.util.ArrayList;
import java.util.List;
import org.lamina.agent.RunningContainer;
import org.lamina.schema.BindMount;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * What a change does to the bind mounts of one container.
 *
 * @param removed paths inside
 */
record BindChange(List<BindMount> before, List<BindMount> added, List<String> removed) {
  static BindChange of(Container c, ConfigChange asked) {
    List<String> removed =
        asked.bindDelete().contains(ConfigChange.ALL)
            ? c.bindMounts().stream().map(BindMount::target).toList()
            : asked.bindDelete();
    BindChange change = new BindChange(c.bindMounts(), asked.bindAdd(), removed);
    for (BindMount mount : change.added()) {
      if (change.kept().stream().anyMatch(old -> old.target().equals(mount.target()))) {
        throw new LaminaException(
            ExitCode.BAD_PARAMETER,
            "container " + c.ctid() + " has a bind mount at " + mount.target() + " already",
            "Take it away first: --bindmount_del " + mount.target());
      }
    }
    return change;
  }

  boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty();
  }

  private List<BindMount> kept() {
    return before.stream().filter(mount -> !removed.contains(mount.target())).toList();
  }

  List<BindMount> after() {
    List<BindMount> all = new ArrayList<>(kept());
    all.addAll(added);
    return all;
  }

  /** Everything or nothing. */
  void apply(RunningContainer running) {
    List<String> gone = new ArrayList<>();
    List<String> made = new ArrayList<>();
    try {
      for (String target : removed) {
        if (running.unbind(target)) {
          gone.add(target);
        } else {
          requireSaved(target);
        }
      }
      for (BindMount mount : added) {
        running.bind(mount);
        made.add(mount.target());
      }
    } catch (RuntimeException e) {
      undo(running, made, gone, e);
      throw e;
    }
  }

  /** Takes an {@link #apply} back. */
  void takeBack(RunningContainer running) {
    added.reversed().forEach(mount -> running.unbind(mount.target()));
    before.stream().filter(old -> removed.contains(old.target())).forEach(running::bind);
  }

  private void undo(
      RunningContainer running, List<String> made, List<String> gone, RuntimeException failure) {
    try {
      made.reversed().forEach(running::unbind);
      before.stream().filter(old -> gone.contains(old.target())).forEach(running::bind);
    } catch (RuntimeException again) {
      failure.addSuppressed(again);
    }
  }

  /**
   * @throws LaminaException BAD_PARAMETER if there is no such bind mount
   */
  void requireSaved(String target) {
    if (before.stream().noneMatch(old -> old.target().equals(target))) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER, "there is no bind mount at " + target + " to take away");
    }
  }
}
