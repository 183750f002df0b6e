package org.lamina.manager.core;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** An operation while it runs: passes on what is said, and keeps it for followers. Thread safe. */
final class LiveTask implements Task {
  /** A build says more lines than anybody reads again; the oldest go first. */
  private static final int KEPT_EVENTS = 2000;

  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();
  private final List<Event> events = new ArrayList<>();
  private final Listener starter;
  private Operation state;
  private long dropped;
  private ExitCode code = ExitCode.OK;
  private @Nullable String result;

  /** One thing said. */
  private record Event(Kind kind, int percent, String text) {
    enum Kind {
      SAY,
      WARN,
      PROGRESS
    }

    void tell(Listener listener) {
      switch (kind) {
        case SAY -> listener.say(text);
        case WARN -> listener.warn(text);
        case PROGRESS -> listener.report(percent, text);
      }
    }
  }

  LiveTask(Operation state, Listener listener) {
    this.state = state;
    this.starter = listener;
  }

  @Override
  public long id() {
    return snapshot().id();
  }

  @Override
  public CompletableFuture<Void> cancelled() {
    return cancelled;
  }

  @Override
  public void say(String line) {
    publish(new Event(Event.Kind.SAY, 0, line));
  }

  @Override
  public void warn(String line) {
    publish(new Event(Event.Kind.WARN, 0, line));
  }

  @Override
  public void report(int percent, String message) {
    publish(new Event(Event.Kind.PROGRESS, percent, Printable.shorten(message, 500)));
  }

  private void publish(Event event) {
    synchronized (this) {
      if (events.size() == KEPT_EVENTS) {
        events.removeFirst();
        dropped++;
      }
      events.add(event);
      if (event.kind() == Event.Kind.PROGRESS) {
        state = state.at(event.percent(), event.text());
      }
      notifyAll();
    }
    event.tell(starter);
  }

  synchronized Operation snapshot() {
    return state;
  }

  /**
   * Tells everything said so far and from now on; returns once the operation has ended. A listener
   * that is slow holds up nobody but its own thread, and misses what is no longer kept.
   */
  Operation follow(Listener listener) throws InterruptedException {
    long next = 0;
    while (true) {
      List<Event> news;
      Operation then;
      synchronized (this) {
        while (next >= dropped + events.size() && state.state() == Operation.State.RUNNING) {
          wait();
        }
        int from = Math.toIntExact(Math.max(0, next - dropped));
        news = List.copyOf(events.subList(from, events.size()));
        next = dropped + events.size();
        then = state;
      }
      news.forEach(e -> e.tell(listener));
      if (then.state() != Operation.State.RUNNING) {
        return then;
      }
    }
  }

  @Override
  public synchronized void ends(ExitCode with, String message) {
    code = with;
    result = Printable.shorten(message, 500);
  }

  synchronized Operation succeed() {
    String message = result == null ? state.message() : result;
    return end(state.ended(Operation.State.DONE, code.code(), message));
  }

  synchronized Operation fail(RuntimeException e) {
    int code = e instanceof LaminaException l ? l.exitCode().code() : ExitCode.SYSTEM.code();
    String text = e instanceof LaminaException l ? l.text() : e.toString();
    return end(
        state.ended(
            cancelled.isDone() ? Operation.State.CANCELLED : Operation.State.FAILED, code, text));
  }

  private Operation end(Operation ended) {
    state = ended;
    notifyAll();
    return ended;
  }
}
