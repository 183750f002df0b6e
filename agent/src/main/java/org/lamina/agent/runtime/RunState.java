package org.lamina.agent.runtime;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.lamina.agent.proc.ProcFs;

/**
 * What the run directory records of a launch, enough to find the container again.
 *
 * @param init host process id of init
 * @param initStart its start time in clock ticks, which tells it from a later process
 * @param waiter host process id of the waiter
 * @param idBase first host id of the container
 */
record RunState(
    int init, long initStart, int waiter, Instant started, int idBase, Path consoleLog) {
  Map<String, String> toMap() {
    return Map.of(
        "init", Integer.toString(init),
        "init-start", Long.toString(initStart),
        "waiter", Integer.toString(waiter),
        "started", Long.toString(started.toEpochMilli()),
        "id-base", Integer.toString(idBase),
        "console-log", consoleLog.toString());
  }

  /** Empty if the text is not what {@link #toMap} wrote: the daemon was killed before. */
  static Optional<RunState> parse(Map<String, String> map) {
    try {
      return Optional.of(
          new RunState(
              Integer.parseInt(map.getOrDefault("init", "")),
              Long.parseLong(map.getOrDefault("init-start", "")),
              Integer.parseInt(map.getOrDefault("waiter", "")),
              Instant.ofEpochMilli(Long.parseLong(map.getOrDefault("started", ""))),
              Integer.parseInt(map.getOrDefault("id-base", "")),
              Path.of(map.getOrDefault("console-log", ""))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** True if that very process still runs. */
  boolean initIsAlive() {
    return ProcFs.HOST
        .stat(init)
        .filter(stat -> stat.startTicks() == initStart && !stat.ended())
        .isPresent();
  }
}
