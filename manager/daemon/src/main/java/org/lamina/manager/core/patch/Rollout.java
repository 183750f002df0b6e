package org.lamina.manager.core.patch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Task;
import org.lamina.schema.Ctid;

/** Takes a list of containers through a run, wave by wave, until too many fail. */
final class Rollout {
  private final ContainerRollout containers;
  private final PatchStore store;
  private final int parallel;
  private final boolean resumed;

  /**
   * @param parallel containers worked on at once, at least 1
   * @param resumed an earlier daemon began the run
   */
  Rollout(ContainerRollout containers, PatchStore store, int parallel, boolean resumed) {
    this.containers = containers;
    this.store = store;
    this.parallel = parallel;
    this.resumed = resumed;
  }

  /**
   * @param all containers in the order they are reached
   */
  RunReport run(Run run, List<Ctid> all, Routes routes, Task task) {
    RolloutRequest request = run.request();
    Map<Integer, ContainerReport> reports = new TreeMap<>();
    Map<Integer, ContainerReport> earlier = new HashMap<>();
    store.reports(run.id()).forEach(r -> earlier.put(r.ctid(), r));
    int failed = 0;
    String stopped = "";
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            parallel, Thread.ofPlatform().daemon().name("rollout-", 0).factory())) {
      List<List<Ctid>> waves = request.waves().split(all);
      for (int wave = 0; wave < waves.size(); wave++) {
        if (waves.size() > 1 && stopped.isEmpty()) {
          task.report(
              reports.size() * 100 / all.size(), "wave " + (wave + 1) + " of " + waves.size());
        }
        List<Future<ContainerReport>> work = new ArrayList<>();
        for (Ctid ctid : waves.get(wave)) {
          @Nullable ContainerReport before = earlier.get(ctid.value());
          if (before != null && before.outcome().settled()) {
            reports.put(ctid.value(), before);
          } else if (!stopped.isEmpty()) {
            reports.put(ctid.value(), keep(run, untried(ctid, routes, stopped), task));
          } else {
            work.add(pool.submit(() -> one(run, ctid, routes, before, task)));
          }
        }
        for (Future<ContainerReport> future : work) {
          ContainerReport report = result(future);
          reports.put(report.ctid(), report);
          task.report(reports.size() * 100 / all.size(), "container " + report.ctid());
        }
        failed = (int) reports.values().stream().filter(r -> r.outcome().failed()).count();
        if (stopped.isEmpty() && failed > request.maxFailures()) {
          stopped = failed + " failed, " + request.maxFailures() + " were allowed to";
        } else if (stopped.isEmpty() && task.cancelled().isDone()) {
          stopped = "it was cancelled";
        }
      }
    }
    Run ended =
        stopped.isEmpty()
            ? run.ended(Run.State.DONE, failed + " failed")
            : run.ended(Run.State.STOPPED, stopped);
    store.put(ended);
    return new RunReport(ended, List.copyOf(reports.values()));
  }

  private ContainerReport one(
      Run run, Ctid ctid, Routes routes, @Nullable ContainerReport before, Task task) {
    ContainerReport report =
        containers.one(
            ctid,
            routes,
            run.request(),
            before,
            resumed,
            checking -> store.put(run.id(), checking),
            task);
    return keep(run, report.outcome() == Outcome.CURRENT ? stillOld(report) : report, task);
  }

  /** What an earlier move left old is old as long as nobody has moved the container since. */
  private ContainerReport stillOld(ContainerReport now) {
    return store
        .latest(new Ctid(now.ctid()))
        .filter(last -> last.to() == now.to() && !last.outcome().behind())
        .map(last -> now.with(last.remaining()))
        .orElse(now);
  }

  private ContainerReport keep(Run run, ContainerReport report, Task task) {
    store.put(run.id(), report);
    String line = "Container " + report.ctid() + ": " + ReportText.line(report);
    if (report.outcome().failed() || report.outcome() == Outcome.VULNERABLE) {
      task.warn(line);
    } else {
      task.say(line);
    }
    return report;
  }

  private static ContainerReport untried(Ctid ctid, Routes routes, String why) {
    return new ContainerReport(
        ctid.value(),
        Outcome.UNTRIED,
        -1,
        routes.to().number(),
        "-",
        0,
        0,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        "the roll-out stopped before it: " + why);
  }

  private static ContainerReport result(Future<ContainerReport> future) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true; // a container is never left in the middle
        } catch (ExecutionException e) {
          if (e.getCause() instanceof Error error) {
            throw error;
          }
          throw new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
