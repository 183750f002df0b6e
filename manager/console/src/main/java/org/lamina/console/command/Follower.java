package org.lamina.console.command;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.lamina.console.client.Daemon;
import org.lamina.console.client.EventStream;
import org.lamina.console.client.OperationEvent;
import org.lamina.console.client.OperationInfo;
import org.lamina.console.shell.CommandCall;
import org.lamina.console.shell.Interrupts;
import org.lamina.console.view.ProgressLine;
import org.lamina.console.view.Tint;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Shows what one operation says until it ends, its watcher leaves it, or has it cancelled. */
final class Follower {
  /** Exit code of a watcher that left by Ctrl-C, as a shell has it. */
  static final int INTERRUPTED = 130;

  private final Daemon daemon;
  private final Interrupts interrupts;
  private final CommandCall call;
  private final ProgressLine progress;
  private long heard;
  private boolean left;

  Follower(Toolbox tools, CommandCall call) {
    this.daemon = tools.daemon();
    this.interrupts = tools.interrupts();
    this.call = call;
    this.progress = new ProgressLine(call.screen());
  }

  /**
   * @return 0, or {@link #INTERRUPTED} if it goes on without its watcher
   * @throws LaminaException with the operation's own code if it failed or left something behind
   */
  int follow(OperationInfo begun) {
    OperationInfo ended = watch(begun);
    if (ended != null && ended.done() && left && Objects.equals(ended.exitCode(), 0)) {
      // what it said in the meantime is gone with it
      call.note(Tint.FAINT, ended.kind() + " " + ended.target() + " is done");
    }
    if (call.json()) {
      call.print(daemon.get("/v1/operations/" + begun.id()));
    }
    return ended == null ? INTERRUPTED : verdict(ended);
  }

  /**
   * Asks somebody who interrupted an operation what is meant, and does that.
   *
   * @return as {@link #follow}
   */
  int resume(OperationInfo begun) {
    left = true;
    return goesOnWatching(begun) ? follow(begun) : INTERRUPTED;
  }

  /**
   * 0 for an operation that did what it was for; throws what it failed with, or why what it did is
   * not all that was asked for, as of a roll-out that leaves something behind.
   */
  static int verdict(OperationInfo ended) {
    Integer code = ended.exitCode();
    if (code == null ? ended.done() : code == 0) {
      return 0;
    }
    throw new LaminaException(
        code == null ? ExitCode.SYSTEM : Daemon.code(code), failure(ended), null);
  }

  /** Why an operation failed, in a sentence. */
  static String failure(OperationInfo ended) {
    String what = ended.kind() + " " + ended.target();
    return switch (ended.state()) {
      case "CANCELLED" -> what + " was cancelled";
      case "INTERRUPTED" -> "laminad ended in the middle of " + what + "; it was put right since";
      default -> {
        String message = ended.message();
        yield message == null || message.isEmpty() ? what + " failed" : message;
      }
    };
  }

  private @Nullable OperationInfo watch(OperationInfo begun) {
    while (true) {
      AtomicBoolean interrupted = new AtomicBoolean();
      Optional<OperationInfo> end = listen(begun, interrupted);
      progress.erase();
      if (end.isPresent()) {
        return end.get();
      }
      left = true;
      if (interrupted.get()) {
        if (!goesOnWatching(begun)) {
          return null;
        }
      } else {
        // laminad was restarted: the operation's row says what came of it
        OperationInfo now = daemon.operation(begun.id());
        if (!now.running()) {
          return now;
        }
      }
    }
  }

  private Optional<OperationInfo> listen(OperationInfo begun, AtomicBoolean interrupted) {
    long skip = heard;
    try (EventStream<OperationEvent> events = daemon.events(begun.id());
        Interrupts.Watch _ =
            interrupts.during(() -> {
              interrupted.set(true);
              events.close();
            })) {
      for (Optional<OperationEvent> next = events.next(); next.isPresent(); next = events.next()) {
        OperationEvent event = next.get();
        OperationInfo ended = event.operation();
        if (ended != null) {
          return Optional.of(ended);
        }
        if (event.type().equals("progress")) {
          Integer percent = event.percent();
          progress.draw(percent == null ? -1 : percent, event.line());
        } else if (skip > 0) {
          // the stream begins anew with what was said before
          skip--;
        } else {
          heard++;
          say(event);
        }
      }
    }
    return Optional.empty();
  }

  private void say(OperationEvent event) {
    boolean warning = event.type().equals("warn");
    progress.above(() -> {
      if (warning || call.json()) {
        call.note(warning ? Tint.WARN : Tint.FAINT, event.line());
      } else {
        call.line(event.line());
      }
    });
  }

  private boolean goesOnWatching(OperationInfo begun) {
    String what = begun.kind() + " " + begun.target();
    call.note(Tint.PLAIN, "");
    String answer = "d";
    if (call.dialog().possible()) {
      try {
        answer =
            call.dialog()
                .ask("Interrupted " + what + ": c cancels it, d lets it go on, w watches on", "d");
      } catch (LaminaException e) {
        // Ctrl-C once more is the answer of somebody who wants to leave
      }
    }
    if (answer.equals("c")) {
      cancel(begun);
    }
    if (answer.equals("c") || answer.equals("w")) {
      return true;
    }
    call.note(
        Tint.PLAIN,
        "Operation "
            + begun.id()
            + " ("
            + what
            + ") goes on; follow it with: operation watch "
            + begun.id());
    return false;
  }

  private void cancel(OperationInfo begun) {
    try {
      daemon.cancel(begun.id());
    } catch (LaminaException e) {
      call.note(Tint.WARN, e.text());
    }
  }
}
