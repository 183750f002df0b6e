package org.lamina.manager.core;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

final class InMemoryJournal implements OperationJournal {
  private final ConcurrentSkipListMap<Long, Operation> operations = new ConcurrentSkipListMap<>();

  @Override
  public long lastId() {
    return operations.isEmpty() ? 0 : operations.lastKey();
  }

  @Override
  public void put(Operation operation) {
    operations.put(operation.id(), operation);
  }

  @Override
  public Optional<Operation> find(long id) {
    return Optional.ofNullable(operations.get(id));
  }

  @Override
  public List<Operation> latest(int limit) {
    return operations.descendingMap().values().stream().limit(limit).toList();
  }

  @Override
  public void settle(int keep) {
    operations.replaceAll((id, o) ->
        o.state() == Operation.State.RUNNING
            ? o.ended(Operation.State.INTERRUPTED, 3, o.message())
            : o);
  }
}
