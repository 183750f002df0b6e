package org.lamina.manager.api;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.RunningContainer;
import org.lamina.agent.Statistics;
import org.lamina.agent.Traffic;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerService;
import org.lamina.manager.core.ContainerView;
import org.lamina.manager.core.StatisticsReport;
import org.lamina.schema.LaminaException;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What the kernel counts of running containers; rates come from the totals of two calls. */
@RestController
final class StatisticsController {
  private final ContainerService containers;

  StatisticsController(ContainerService containers) {
    this.containers = containers;
  }

  /** Of all that run, by id. */
  @GetMapping("/v1/statistics")
  List<Map<String, @Nullable Object>> all() {
    return containers.list().stream()
        .filter(view -> view.status() == ContainerView.Status.RUNNING)
        .flatMap(view -> still(view.container()).stream())
        .toList();
  }

  /** Of one; it is an error that it does not run. */
  @GetMapping("/v1/containers/{reference}/statistics")
  Map<String, @Nullable Object> one(@PathVariable String reference) {
    return read(containers.get(reference));
  }

  private Optional<Map<String, @Nullable Object>> still(Container c) {
    try {
      return Optional.of(read(c));
    } catch (LaminaException e) {
      // It has ended since it was listed.
      return Optional.empty();
    }
  }

  private Map<String, @Nullable Object> read(Container c) {
    RunningContainer running = containers.running(c.ctid());
    Statistics now = running.statistics();
    Traffic traffic = running.traffic().orElse(null);
    return new StatisticsReport(
            c, running.limits().orElse(c.limits()), now, now, Duration.ZERO, traffic, traffic)
        .toMap();
  }
}
