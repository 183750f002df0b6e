package org.lamina.manager.core;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Stops every container because the host goes down: those that started last first, all of one boot
 * order at once. What ran comes up with the host again.
 */
final class HostShutdown {
  /** Stopping is waiting; more at once than this only makes their last writes compete. */
  private static final int MOST_AT_ONCE = 32;

  private final HostBoot hostBoot;
  private final BiConsumer<Ctid, Task> stop;

  /**
   * @param stop stops one container under its lock, or throws a LaminaException
   */
  HostShutdown(HostBoot hostBoot, BiConsumer<Ctid, Task> stop) {
    this.hostBoot = hostBoot;
    this.stop = stop;
  }

  /** Groups in the order in which they are stopped: the reverse of {@link BootSequence#plan}. */
  static List<List<Ctid>> plan(Collection<Container> running) {
    TreeMap<@Nullable Integer, List<Ctid>> groups =
        new TreeMap<>(Comparator.nullsFirst(Comparator.<Integer>naturalOrder()));
    running.stream()
        .sorted(Comparator.comparing(Container::ctid).reversed())
        .forEach(c -> groups.computeIfAbsent(c.bootOrder(), o -> new ArrayList<>()).add(c.ctid()));
    return List.copyOf(groups.values());
  }

  /**
   * @return how many were stopped
   * @throws LaminaException CANNOT_STOP naming those that still run
   */
  int run(Collection<Container> running, Task task) {
    try {
      // From now on the next start of the daemon is one with the host.
      hostBoot.forget();
    } catch (IOException e) {
      task.warn("containers may not start with the host: " + e.getMessage());
    }
    List<Ctid> failed = new ArrayList<>();
    int stopped = 0;
    try (ExecutorService pool =
        Executors.newFixedThreadPool(
            MOST_AT_ONCE, Thread.ofPlatform().daemon().name("shutdown-", 0).factory())) {
      for (List<Ctid> group : plan(running)) {
        List<Future<Boolean>> work =
            group.stream().map(ctid -> pool.submit(() -> one(ctid, task))).toList();
        for (int i = 0; i < group.size(); i++) {
          if (answer(work.get(i))) {
            stopped++;
          } else {
            failed.add(group.get(i));
          }
          task.report(
              (stopped + failed.size()) * 100 / running.size(), "container " + group.get(i));
        }
      }
    }
    if (!failed.isEmpty()) {
      throw new LaminaException(
          ExitCode.CANNOT_STOP,
          "stopped " + stopped + ", could not stop " + failed,
          "What is said above tells why; end them with: vzctl stop CTID --fast");
    }
    return stopped;
  }

  private boolean one(Ctid ctid, Task task) {
    try {
      stop.accept(ctid, task);
      task.say("Container " + ctid + " was stopped");
      return true;
    } catch (LaminaException e) {
      task.warn("container " + ctid + ": " + e.text());
      return false;
    }
  }

  private static boolean answer(Future<Boolean> work) {
    try {
      return work.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
