package org.lamina.manager.core;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/**
 * Operations whose begin and end are kept in a journal. A journal that cannot be written (a full
 * disk) is told in the log and does not stop the work itself.
 */
public final class JournalledOperations implements Operations {
  private static final Logger log = System.getLogger(JournalledOperations.class.getName());
  private static final int HISTORY = 1000;

  private final OperationJournal journal;
  private final Events events;
  private final AtomicLong lastId;
  private final Map<Long, LiveTask> live = new ConcurrentHashMap<>();

  /** The operation that a thread works on. */
  private static final ThreadLocal<LiveTask> CURRENT = new ThreadLocal<>();

  /** Takes the history over; what an earlier daemon left running is marked as interrupted. */
  public JournalledOperations(OperationJournal journal, Events events) {
    this.journal = journal;
    this.events = events;
    journal.settle(HISTORY);
    this.lastId = new AtomicLong(journal.lastId());
  }

  @Override
  public <T> T run(String kind, String target, Listener listener, Function<Task, T> work) {
    LiveTask outer = CURRENT.get();
    if (outer != null) {
      return work.apply(new JoinedTask(outer, listener));
    }
    return perform(begin(kind, target, listener), work);
  }

  @Override
  public Operation submit(String kind, String target, Function<Task, ?> work) {
    LiveTask task = begin(kind, target, Listener.SILENT);
    Thread.ofPlatform()
        .daemon()
        .name("operation-" + task.id())
        .start(() -> performInBackground(task, work));
    return task.snapshot();
  }

  private void performInBackground(LiveTask task, Function<Task, ?> work) {
    try {
      perform(task, work::apply);
    } catch (LaminaException e) {
      log.log(Level.INFO, () -> describe(task) + ": " + e.text());
    } catch (RuntimeException e) {
      log.log(Level.ERROR, () -> describe(task) + " failed", e);
    }
  }

  private static String describe(LiveTask task) {
    Operation o = task.snapshot();
    return "operation " + o.id() + " (" + o.kind() + " " + o.target() + ")";
  }

  private LiveTask begin(String kind, String target, Listener listener) {
    Operation operation =
        new Operation(
            lastId.incrementAndGet(),
            kind,
            target,
            Operation.State.RUNNING,
            Instant.now(),
            null,
            -1,
            null,
            null);
    LiveTask task = new LiveTask(operation, listener);
    live.put(operation.id(), task);
    keep(operation);
    events.publish(HostEvent.Type.OPERATION_BEGUN, target, kind + ", operation " + operation.id());
    return task;
  }

  private <T> T perform(LiveTask task, Function<Task, T> work) {
    CURRENT.set(task);
    try {
      T result = work.apply(task);
      end(task, task.succeed());
      return result;
    } catch (RuntimeException e) {
      end(task, task.fail(e));
      throw e;
    } finally {
      CURRENT.remove();
      live.remove(task.id());
    }
  }

  private void end(LiveTask task, Operation ended) {
    keep(ended);
    live.remove(task.id());
    publish(ended);
  }

  private void publish(Operation o) {
    String message = o.message();
    String what = o.kind() + ", operation " + o.id() + ": ";
    String state = o.state().name().toLowerCase(Locale.ROOT);
    String why =
        o.state() == Operation.State.DONE || message == null
            ? ""
            : ": " + Printable.shorten(message, 300);
    events.publish(HostEvent.Type.OPERATION_ENDED, o.target(), what + state + why);
  }

  private void keep(Operation operation) {
    try {
      journal.put(operation);
    } catch (LaminaException e) {
      log.log(Level.WARNING, "operation {0} is not in the journal: {1}", operation.id(), e.text());
    }
  }

  @Override
  public Optional<Operation> find(long id) {
    LiveTask task = live.get(id);
    return task != null ? Optional.of(task.snapshot()) : journal.find(id);
  }

  @Override
  public List<Operation> latest(int limit) {
    List<Operation> running = live.values().stream().map(LiveTask::snapshot).toList();
    return Stream.concat(
            running.stream(),
            journal.latest(limit).stream()
                .filter(o -> running.stream().noneMatch(r -> r.id() == o.id())))
        .sorted(Comparator.comparingLong(Operation::id).reversed())
        .limit(limit)
        .toList();
  }

  @Override
  public boolean cancel(long id) {
    LiveTask task = live.get(id);
    if (task != null) {
      task.cancelled().complete(null);
    }
    return task != null;
  }

  @Override
  public Operation follow(long id, Listener listener) throws InterruptedException {
    LiveTask task = live.get(id);
    if (task != null) {
      return task.follow(listener);
    }
    return journal
        .find(id)
        .orElseThrow(
            () -> new LaminaException(ExitCode.BAD_PARAMETER, "there is no operation " + id));
  }

  /** Work inside other work: its own listener hears it, and so do the followers of the whole. */
  private record JoinedTask(LiveTask outer, Listener listener) implements Task {
    @Override
    public long id() {
      return outer.id();
    }

    @Override
    public CompletableFuture<Void> cancelled() {
      return outer.cancelled();
    }

    @Override
    public void say(String line) {
      outer.say(line);
      if (listener != outer) {
        listener.say(line);
      }
    }

    @Override
    public void warn(String line) {
      outer.warn(line);
      if (listener != outer) {
        listener.warn(line);
      }
    }

    @Override
    public void report(int percent, String message) {
      outer.report(percent, message);
      if (listener != outer) {
        listener.report(percent, message);
      }
    }
  }
}
