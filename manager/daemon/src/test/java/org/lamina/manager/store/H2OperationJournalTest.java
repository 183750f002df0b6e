package org.lamina.manager.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.lamina.manager.core.Operation;

class H2OperationJournalTest {
  private final Database database = Database.inMemory("journal" + System.nanoTime());
  private final H2OperationJournal journal = new H2OperationJournal(database);

  @AfterEach
  void close() {
    database.close();
  }

  private static Operation operation(long id, Operation.State state, String message) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    boolean running = state == Operation.State.RUNNING;
    return new Operation(
        id, "start", "101", state, now, running ? null : now, -1, message, running ? null : 0);
  }

  @Test
  void put_addsAndReplaces() {
    Operation running = operation(1, Operation.State.RUNNING, null);
    journal.put(running);
    assertThat(journal.find(1)).hasValue(running);

    Operation done = operation(1, Operation.State.DONE, "it's \"done\"");
    journal.put(done);
    assertThat(journal.find(1)).hasValue(done);
    assertThat(journal.find(2)).isEmpty();
    assertThat(journal.lastId()).isEqualTo(1);
  }

  @Test
  void put_cutsWhatIsTooLong() {
    journal.put(operation(1, Operation.State.DONE, "x".repeat(100_000)));
    assertThat(journal.find(1).orElseThrow().message()).hasSize(4096);
  }

  @Test
  void settle_interruptsAndForgets() {
    for (int i = 1; i <= 20; i++) {
      journal.put(operation(i, i == 20 ? Operation.State.RUNNING : Operation.State.DONE, null));
    }
    journal.settle(5);
    assertThat(journal.latest(99))
        .extracting(Operation::id)
        .containsExactly(20L, 19L, 18L, 17L, 16L);
    assertThat(journal.find(20).orElseThrow().state()).isEqualTo(Operation.State.INTERRUPTED);
    assertThat(journal.lastId()).isEqualTo(20);
    assertThat(new H2OperationJournal(Database.inMemory("empty" + System.nanoTime())).lastId())
        .isZero();
  }
}
