package org.lamina.manager.core;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.lamina.schema.Ctid;
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
   * Starts them, VE_PARALLEL at once, and returns when all were started. A container that cannot
   * start is logged and holds nobody up; it is tried once more when the others have started, since
   * what fails while a whole host comes up may well go when it is up.
   */
  void run() throws InterruptedException, IOException {
    List<Container> plan =
        config.startOnBoot()
            ? plan(service.list().stream().map(ContainerView::container).toList())
            : List.of();
    if (!plan.isEmpty()) {
      log.log(Level.INFO, "starting {0} containers with the host", plan.size());
      List<Container> failed = start(plan, "it is tried again after the others");
      if (!failed.isEmpty()) {
        start(failed, "it stays off");
      }
    }
    hostBoot.done();
  }

  /** Those that did not start, in the same order. */
  private List<Container> start(List<Container> plan, String otherwise)
      throws InterruptedException {
    Set<Ctid> failed = ConcurrentHashMap.newKeySet();
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.min(config.parallelStarts(), plan.size()),
            Thread.ofPlatform().daemon().name("boot-", 0).factory())) {
      plan.forEach(c ->
          pool.execute(() -> {
            if (!start(c, otherwise)) {
              failed.add(c.ctid());
            }
          }));
      pool.shutdown();
      while (!pool.awaitTermination(1, TimeUnit.HOURS)) {
        log.log(Level.WARNING, "the containers of the host's boot are still being started");
      }
    }
    return plan.stream().filter(c -> failed.contains(c.ctid())).toList();
  }

  private boolean start(Container c, String otherwise) {
    try {
      service.start(c.ctid(), null, false, new LogListener("container " + c.ctid()));
      return true;
    } catch (LaminaException e) {
      if (e.exitCode() == ExitCode.ALREADY_RUNNING) {
        return true;
      }
      log.log(Level.ERROR, "container {0} did not start, {1}: {2}", c.ctid(), otherwise, e.text());
    } catch (RuntimeException e) {
      log.log(Level.ERROR, "container " + c.ctid() + " did not start, " + otherwise, e);
    }
    return false;
  }
}
