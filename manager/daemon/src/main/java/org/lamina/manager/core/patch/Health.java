package org.lamina.manager.core.patch;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.RunningContainer;
import org.lamina.manager.core.Task;
import org.lamina.schema.Printable;

/** Whether a container is as well after a move as it was before. */
final class Health {
  private static final Duration QUESTION = Duration.ofSeconds(20);
  private static final Duration COMMAND = Duration.ofSeconds(60);
  private static final Duration SLICE = Duration.ofMillis(250);

  /** Counted from the start of init; whoever said nothing by then may never do. */
  private static final Duration BOOT = Duration.ofMinutes(1);

  /** Words of systemctl's answer when it cannot be asked: another init, or no bus yet. */
  private static final int CANNOT_SAY = 127;

  private final Guests guests;

  Health(Guests guests) {
    this.guests = guests;
  }

  /** Failed units, or empty if this init has no such thing. */
  Optional<Set<String>> failedUnits(RunningContainer running) {
    Guests.Answer answer =
        guests.run(
            running,
            List.of(
                "/bin/sh",
                "-c",
                "command -v systemctl >/dev/null || exit 127;"
                    + " systemctl list-units --state=failed --no-legend --plain | head -c 3500"),
            QUESTION);
    if (answer.code() == CANNOT_SAY || answer.code() < 0) {
      return Optional.empty();
    }
    return Optional.of(
        answer
            .text()
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .map(line -> line.split("\\s+", 2)[0])
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /**
   * Lets a boot that is under way come to its end, for a minute of it at most: meanwhile files are
   * open for writing and services get mounts of their own, so that trees could not be exchanged.
   */
  void booted(RunningContainer running, Task task) {
    Duration age = Duration.between(running.startedAt(), Instant.now());
    // A clock that was set back makes nobody younger than new.
    Duration left = age.isNegative() ? BOOT : BOOT.minus(age);
    if (left.isPositive()) {
      var _ = ready(running, left, task);
    }
  }

  /** Waits until init is ready; what is wrong, or null. */
  @Nullable String ready(RunningContainer running, Duration atMost, Task task) {
    long end = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < end) {
      if (running.awaitReady(SLICE)) {
        return null;
      }
      if (running.exit().isDone()) {
        return "init ended while it was booting";
      }
      if (task.cancelled().isDone()) {
        return "the wait for it was cancelled";
      }
    }
    return "it did not come up within " + atMost.toSeconds() + " s";
  }

  /** What is worse than before, or null. */
  @Nullable String worse(
      RunningContainer running, Optional<Set<String>> before, @Nullable String command) {
    if (running.exit().isDone()) {
      return "init ended";
    }
    if (before.isPresent()) {
      Set<String> failed = new TreeSet<>(failedUnits(running).orElse(Set.of()));
      failed.removeAll(before.get());
      if (!failed.isEmpty()) {
        return "failed units: " + Printable.shorten(String.join(" ", failed), 200);
      }
    }
    if (command != null) {
      Guests.Answer answer = guests.run(running, List.of("/bin/sh", "-c", command), COMMAND);
      if (answer.code() != 0) {
        return "the health command "
            + (answer.code() < 0 ? "did not end in time" : "answered " + answer.code())
            + (answer.text().isBlank() ? "" : ": " + Printable.shorten(answer.text().strip(), 200));
      }
    }
    return null;
  }
}
