package org.lamina.manager.core;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Starts the containers that belong to the host's own boot. */
final class BootSequence {
  private static final Logger log = System.getLogger(BootSequence.class.getName());
  private static final Comparator<Container> ORDER =
      Comparator.comparing(
              Container::bootOrder, Comparator.nullsLast(Comparator.<Integer>reverseOrder()))
          .thenComparing(Container::ctid);

  private final HostConfig config;
  private final ContainerService service;
  private final HostBoot hostBoot;

  BootSequence(HostConfig config, ContainerService service, HostBoot hostBoot) {
    this.config = config;
    this.service = service;
    this.hostBoot = hostBoot;
  }

  /** Who is started, in this order: onboot ones, and those that ran before and do not say no. */
  static List<Container> plan(List<Container> containers) {
    return containers.stream()
        .filter(c -> !c.disabled())
        .filter(c -> c.onboot() == null ? c.wantsRunning() : c.onboot())
        .sorted(ORDER)
        .toList();
  }

  /**
   * Starts them, VE_PARALLEL at once, and returns when all were started; a container that cannot
   * start is logged and holds nobody up.
   */
  void run() throws InterruptedException, IOException {
    List<Container> plan =
        config.startOnBoot()
            ? plan(service.list().stream().map(ContainerView::container).toList())
            : List.of();
    if (!plan.isEmpty()) {
      log.log(Level.INFO, "starting {0} containers with the host", plan.size());
      start(plan);
    }
    hostBoot.done();
  }

  private void start(List<Container> plan) throws InterruptedException {
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.min(config.parallelStarts(), plan.size()),
            Thread.ofPlatform().daemon().name("boot-", 0).factory())) {
      plan.forEach(c -> pool.execute(() -> start(c)));
      pool.shutdown();
      while (!pool.awaitTermination(1, TimeUnit.HOURS)) {
        log.log(Level.WARNING, "the containers of the host's boot are still being started");
      }
    }
  }

  private void start(Container c) {
    try {
      service.start(c.ctid(), null, false, new LogListener("container " + c.ctid()));
    } catch (LaminaException e) {
      if (e.exitCode() != ExitCode.ALREADY_RUNNING) {
        log.log(Level.ERROR, "container {0} did not start: {1}", c.ctid(), e.text());
      }
    } catch (RuntimeException e) {
      log.log(Level.ERROR, "container " + c.ctid() + " did not start", e);
    }
  }
}
