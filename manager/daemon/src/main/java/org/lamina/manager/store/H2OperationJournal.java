package org.lamina.manager.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.lamina.manager.core.Operation;
import org.lamina.manager.core.OperationJournal;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The history of operations in H2. */
public final class H2OperationJournal implements OperationJournal {
  private static final int MAX_MESSAGE = 4096;
  private static final int MAX_TARGET = 64;

  private final Database database;
  private final JdbcClient client;

  public H2OperationJournal(Database database) {
    this.database = database;
    this.client = database.client();
  }

  @Override
  public long lastId() {
    return client.sql("SELECT COALESCE(MAX(id), 0) FROM operation").query(Long.class).single();
  }

  @Override
  public void put(Operation o) {
    OffsetDateTime ended = o.ended() == null ? null : ContainerRows.timestamp(o.ended());
    String message = o.message();
    database.requireRoom();
    var _ =
        database.atomically(() ->
            client
                .sql(
                    """
                    MERGE INTO operation
                      (id, kind, target, state, started, ended, percent, message, exit_code)
                    KEY (id) VALUES
                      (:id, :kind, :target, :state, :started, :ended, :percent, :message, :code)
                    """)
                .param("id", o.id())
                .param("kind", o.kind())
                .param("target", cut(o.target(), MAX_TARGET))
                .param("state", o.state().name())
                .param("started", ContainerRows.timestamp(o.started()))
                .param("ended", ended)
                .param("percent", o.percent())
                .param("message", message == null ? null : cut(message, MAX_MESSAGE))
                .param("code", o.exitCode())
                .update());
  }

  private static String cut(String text, int limit) {
    return text.length() <= limit ? text : text.substring(0, limit);
  }

  @Override
  public Optional<Operation> find(long id) {
    return database.atomically(() ->
        client
            .sql("SELECT * FROM operation WHERE id = :id")
            .param("id", id)
            .query((row, n) -> operation(row))
            .optional());
  }

  @Override
  public List<Operation> latest(int limit) {
    return database.atomically(() ->
        client
            .sql("SELECT * FROM operation ORDER BY id DESC LIMIT :limit")
            .param("limit", limit)
            .query((row, n) -> operation(row))
            .list());
  }

  @Override
  public void settle(int keep) {
    var _ =
        database.atomically(() -> {
          client
              .sql("DELETE FROM operation WHERE id <= :oldest")
              .param("oldest", lastId() - keep)
              .update();
          return client
              .sql(
                  "UPDATE operation SET state = 'INTERRUPTED', ended = CURRENT_TIMESTAMP"
                      + " WHERE state = 'RUNNING'")
              .update();
        });
  }

  private static Operation operation(ResultSet row) throws SQLException {
    OffsetDateTime ended = row.getObject("ended", OffsetDateTime.class);
    return new Operation(
        row.getLong("id"),
        row.getString("kind"),
        row.getString("target"),
        Operation.State.valueOf(row.getString("state")),
        ContainerRows.instant(row, "started"),
        ended == null ? null : ended.toInstant(),
        row.getInt("percent"),
        row.getString("message"),
        row.getObject("exit_code", Integer.class));
  }
}
