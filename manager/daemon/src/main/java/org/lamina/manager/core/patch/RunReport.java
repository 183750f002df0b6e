package org.lamina.manager.core.patch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.lamina.schema.ExitCode;

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

  /** What whoever asked for it is told: SYSTEM if one failed, BEHIND if one has not got it all. */
  public ExitCode exitCode() {
    boolean failed = containers.stream().anyMatch(c -> c.outcome().failed());
    boolean behind =
        containers.stream().anyMatch(c -> c.outcome().behind() || !c.remaining().isEmpty());
    return failed ? ExitCode.SYSTEM : behind ? ExitCode.BEHIND : ExitCode.OK;
  }

  /** The run in a line. */
  public String headline() {
    Map<String, Integer> counts = new LinkedHashMap<>();
    containers.forEach(c -> counts.merge(c.outcome().text(), 1, Integer::sum));
    String message = run.message();
    return "Run "
        + run.id()
        + " ("
        + run.action()
        + " "
        + run.request().template()
        + " to generation "
        + run.request().to()
        + "), "
        + run.state().name().toLowerCase(Locale.ROOT)
        + (message == null ? "" : ": " + message)
        + "; "
        + (counts.isEmpty()
            ? "no containers"
            : counts.entrySet().stream()
                .map(e -> e.getValue() + " " + e.getKey())
                .collect(Collectors.joining(", ")));
  }
}
