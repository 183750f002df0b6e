package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class JournalledOperationsTest {
  private final InMemoryJournal journal = new InMemoryJournal();
  private final JournalledOperations operations = new JournalledOperations(journal, new Events());

  @Test
  void run_isKept_withHowItEnded() {
    int answer = operations.run("start", "101", Listener.SILENT, task -> 42);
    assertThat(answer).isEqualTo(42);
    assertThatThrownBy(() ->
            operations.run(
                "stop",
                "101",
                Listener.SILENT,
                task -> {
                  throw new LaminaException(ExitCode.CANNOT_STOP, "it hangs");
                }))
        .isInstanceOf(LaminaException.class);

    assertThat(operations.latest(9))
        .extracting(Operation::kind, Operation::state, Operation::exitCode, Operation::message)
        .containsExactly(
            tuple("stop", Operation.State.FAILED, 33, "it hangs"),
            tuple("start", Operation.State.DONE, 0, null));
  }

  @Test
  void run_insideOther_joinsIt() {
    Lines inner = new Lines();
    Lines outer = new Lines();
    operations.run(
        "recover",
        "host",
        outer,
        task ->
            operations.run(
                "register",
                "101",
                inner,
                t -> {
                  t.say("hello");
                  return t.id();
                }));
    assertThat(operations.latest(9)).hasSize(1);
    assertThat(outer.said).containsExactly("hello");
    assertThat(inner.said).containsExactly("hello");
  }

  @Test
  void ids_goOnAfterARestart_andOldOnesAreInterrupted() {
    journal.put(
        new Operation(
            7, "start", "101", Operation.State.RUNNING, Instant.now(), null, 10, null, null));
    JournalledOperations next = new JournalledOperations(journal, new Events());
    assertThat(next.find(7).orElseThrow().state()).isEqualTo(Operation.State.INTERRUPTED);
    long id = next.run("stop", "101", Listener.SILENT, Task::id);
    assertThat(id).isEqualTo(8);
  }

  @Test
  void follow_tellsEverything_alsoToWhoComesLate_andNobodyWaitsForASlowOne() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch slow = new CountDownLatch(1);
    Operation started =
        operations.submit(
            "build",
            "debian-12",
            task -> {
              task.say("one");
              await(go);
              task.report(50, "half");
              task.warn("careful");
              return 0;
            });
    Lines late = new Lines();
    CompletableFuture<Operation> stuck = followInAThread(started, new StuckListener(slow));
    CompletableFuture<Operation> following = followInAThread(started, late);
    while (late.said.isEmpty()) {
      Thread.onSpinWait();
    }
    go.countDown();

    Operation ended = following.get(10, TimeUnit.SECONDS);
    assertThat(ended.state()).isEqualTo(Operation.State.DONE);
    assertThat(ended.percent()).isEqualTo(50);
    assertThat(late.said).containsExactly("one");
    assertThat(late.warned).containsExactly("careful");
    assertThat(stuck).isNotDone();
    slow.countDown();
    assertThat(stuck.get(10, TimeUnit.SECONDS).state()).isEqualTo(Operation.State.DONE);
    assertThat(operations.follow(started.id(), late)).isEqualTo(ended);
    assertThatThrownBy(() -> operations.follow(99, late)).isInstanceOf(LaminaException.class);
  }

  private CompletableFuture<Operation> followInAThread(Operation operation, Listener listener) {
    CompletableFuture<Operation> result = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            result.complete(operations.follow(operation.id(), listener));
          } catch (InterruptedException e) {
            result.completeExceptionally(e);
          }
        });
    return result;
  }

  @Test
  void cancel_reachesTheWork() throws Exception {
    Operation started =
        operations.submit(
            "stop",
            "101",
            task -> {
              task.cancelled().join();
              throw new LaminaException(ExitCode.TIMEOUT, "cancelled");
            });
    assertThat(operations.cancel(started.id())).isTrue();
    assertThat(operations.follow(started.id(), Listener.SILENT).state())
        .isEqualTo(Operation.State.CANCELLED);
    TestHost.eventually("forgotten", () -> !operations.cancel(started.id()));
  }

  private record StuckListener(CountDownLatch until) implements Listener {
    @Override
    public void say(String line) {
      await(until);
    }

    @Override
    public void warn(String line) {}

    @Override
    public void report(int percent, String message) {}
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
