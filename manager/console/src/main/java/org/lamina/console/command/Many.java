package org.lamina.console.command;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.ContainerInfo;
import org.lamina.console.client.EventStream;
import org.lamina.console.client.OperationEvent;
import org.lamina.console.client.OperationInfo;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.Interrupts;
import org.lamina.console.view.Human;
import org.lamina.console.view.ProgressLine;
import org.lamina.console.view.Tint;
import org.lamina.schema.LaminaException;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The same operation on many containers, a few at a time: a line for each as it ends, one line of
 * progress, and a summary. Use once.
 */
final class Many {
  private static final int AT_ONCE = 8;

  private final Toolbox tools;
  private final CommandCall call;
  private final ProgressLine progress;
  private final Set<EventStream<OperationEvent>> streams = ConcurrentHashMap.newKeySet();
  private final Set<OperationInfo> running = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private final AtomicInteger ended = new AtomicInteger();
  private final List<String> notBegun = new ArrayList<>();
  private final Map<Integer, Long> finished = new ConcurrentSkipListMap<>();
  private final AtomicInteger firstCode = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private int total;

  Many(Toolbox tools, CommandCall call) {
    this.tools = tools;
    this.call = call;
    this.progress = new ProgressLine(call.screen());
  }

  /**
   * One container is followed with all it says; more are summed up.
   *
   * @param done such as {@code started}
   * @return 0 if all succeeded, else the code of the first that failed
   */
  int run(List<ContainerInfo> chosen, String done, Function<ContainerInfo, OperationInfo> submit) {
    try {
      if (chosen.size() == 1) {
        return new Follower(tools, call).follow(submit.apply(chosen.getFirst()));
      }
      total = chosen.size();
      try (Interrupts.Watch _ = tools.interrupts().during(this::interrupt)) {
        all(chosen, done, submit);
      }
      progress.erase();
      if (call.json()) {
        call.print(answers());
      }
      return summary(done);
    } finally {
      tools.vocabulary().forget();
    }
  }

  private void all(
      List<ContainerInfo> chosen, String done, Function<ContainerInfo, OperationInfo> submit) {
    try (ExecutorService pool = Executors.newFixedThreadPool(AT_ONCE)) {
      chosen.forEach(c -> pool.execute(() -> one(c, done, submit)));
      pool.shutdown();
      while (!pool.awaitTermination(1, TimeUnit.SECONDS)) {
        // every operation ends, or is left by an interrupt
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void one(
      ContainerInfo container, String done, Function<ContainerInfo, OperationInfo> submit) {
    if (interrupted.get()) {
      synchronized (notBegun) {
        notBegun.add(Integer.toString(container.ctid()));
      }
      return;
    }
    long began = System.nanoTime();
    try {
      OperationInfo operation = submit.apply(container);
      running.add(operation);
      Optional<OperationInfo> end = listen(operation, container);
      if (end.isPresent()) {
        running.remove(operation);
        finished.put(container.ctid(), operation.id());
        Follower.verdict(end.get());
        String took = Human.duration(Duration.ofNanos(System.nanoTime() - began));
        ended(container, Tint.GOOD, done + " (" + took + ")");
      }
    } catch (LaminaException e) {
      failed.incrementAndGet();
      firstCode.compareAndSet(0, e.exitCode().code());
      ended(container, Tint.BAD, e.text());
    }
  }

  private void ended(ContainerInfo container, Tint tint, String text) {
    ended.incrementAndGet();
    progress.above(
        () -> call.besideJson().line(container.title() + "  " + call.screen().paint(tint, text)));
  }

  /** How the operation ended; empty if it was left. */
  private Optional<OperationInfo> listen(OperationInfo operation, ContainerInfo container) {
    while (!interrupted.get()) {
      OperationInfo end = hear(operation, container);
      if (end != null) {
        return Optional.of(end);
      }
      if (!interrupted.get()) {
        OperationInfo now = tools.daemon().operation(operation.id());
        if (!now.running()) {
          return Optional.of(now);
        }
      }
    }
    return Optional.empty();
  }

  private @Nullable OperationInfo hear(OperationInfo operation, ContainerInfo container) {
    try (EventStream<OperationEvent> events = tools.daemon().events(operation.id())) {
      streams.add(events);
      if (interrupted.get()) {
        return null;
      }
      for (Optional<OperationEvent> next = events.next(); next.isPresent(); next = events.next()) {
        OperationEvent event = next.get();
        if (event.operation() != null) {
          streams.remove(events);
          return event.operation();
        }
        progress.draw(
            ended.get() * 100 / total,
            ended.get() + " of " + total + "; " + container.title() + ": " + event.line());
      }
      streams.remove(events);
      return null;
    }
  }

  private void interrupt() {
    interrupted.set(true);
    streams.forEach(EventStream::close);
  }

  /** The operations that ended, by container. */
  private ArrayNode answers() {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    finished.values().forEach(id -> all.add(tools.daemon().get("/v1/operations/" + id)));
    return all;
  }

  private int summary(String done) {
    if (interrupted.get()) {
      left();
    }
    String bad = failed.get() == 0 ? "" : ", " + failed.get() + " failed";
    call.note(
        failed.get() == 0 ? Tint.STRONG : Tint.BAD, ended.get() - failed.get() + " " + done + bad);
    return interrupted.get() ? Follower.INTERRUPTED : firstCode.get();
  }

  private void left() {
    if (!running.isEmpty()) {
      boolean cancel =
          call.dialog().possible()
              && answer(
                  Human.count(running.size(), "operation")
                      + " still running. Cancel? No lets them go on.");
      for (OperationInfo o : running) {
        if (cancel) {
          cancel(o);
        } else {
          call.note(
              Tint.PLAIN,
              o.kind() + " " + o.target() + " goes on; follow it with: operation watch " + o.id());
        }
      }
    }
    if (!notBegun.isEmpty()) {
      call.note(Tint.PLAIN, "Not begun: " + String.join(",", notBegun));
    }
  }

  private boolean answer(String question) {
    try {
      return call.dialog().confirm(question);
    } catch (LaminaException e) {
      return false;
    }
  }

  private void cancel(OperationInfo operation) {
    try {
      tools.daemon().cancel(operation.id());
      call.note(Tint.PLAIN, operation.kind() + " " + operation.target() + " was asked to end");
    } catch (LaminaException e) {
      call.note(Tint.WARN, e.text());
    }
  }
}
