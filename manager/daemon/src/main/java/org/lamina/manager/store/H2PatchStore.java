package org.lamina.manager.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.lamina.manager.core.patch.ContainerReport;
import org.lamina.manager.core.patch.PatchStore;
import org.lamina.manager.core.patch.RolloutRequest;
import org.lamina.manager.core.patch.Run;
import org.lamina.schema.Ctid;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** Runs and reports in H2, their details as JSON. */
public final class H2PatchStore implements PatchStore {
  private static final int MAX_MESSAGE = 4096;

  /** Runs kept; each has one report per container. */
  private static final int HISTORY = 200;

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final Database database;
  private final JdbcClient client;

  /** Ids are chosen by reading and then writing: one at a time. */
  private final Object beginning = new Object();

  public H2PatchStore(Database database) {
    this.database = database;
    this.client = database.client();
  }

  @Override
  public Run begin(String action, RolloutRequest request) {
    synchronized (beginning) {
      long id =
          read(() ->
              client
                  .sql("SELECT COALESCE(MAX(id), 0) + 1 FROM patch_run")
                  .query(Long.class)
                  .single());
      Run run = new Run(id, action, request, Run.State.RUNNING, Instant.now(), null, null);
      put(run);
      var _ =
          database.atomically(() ->
              client
                  .sql("DELETE FROM patch_run WHERE id <= :oldest AND state <> 'RUNNING'")
                  .param("oldest", id - HISTORY)
                  .update());
      return run;
    }
  }

  @Override
  public void put(Run run) {
    OffsetDateTime ended = run.ended() == null ? null : ContainerRows.timestamp(run.ended());
    String message = run.message();
    var _ =
        database.atomically(() ->
            client
                .sql(
                    "MERGE INTO patch_run"
                        + " (id, action, template, request, state, started, ended, message)"
                        + " KEY (id) VALUES"
                        + " (:id, :action, :template, :request, :state, :started, :ended, :message)")
                .param("id", run.id())
                .param("action", run.action())
                .param("template", run.request().template())
                .param("request", MAPPER.writeValueAsString(run.request()))
                .param("state", run.state().name())
                .param("started", ContainerRows.timestamp(run.started()))
                .param("ended", ended)
                .param(
                    "message",
                    message == null || message.length() <= MAX_MESSAGE
                        ? message
                        : message.substring(0, MAX_MESSAGE))
                .update());
  }

  @Override
  public void put(long run, ContainerReport report) {
    var _ =
        database.atomically(() ->
            client
                .sql(
                    "MERGE INTO patch_report (run, ctid, content) KEY (run, ctid)"
                        + " VALUES (:run, :ctid, :content)")
                .param("run", run)
                .param("ctid", report.ctid())
                .param("content", MAPPER.writeValueAsString(report))
                .update());
  }

  @Override
  public Optional<Run> find(long id) {
    return read(() ->
        client
            .sql("SELECT * FROM patch_run WHERE id = :id")
            .param("id", id)
            .query((row, n) -> run(row))
            .optional());
  }

  @Override
  public List<Run> latest(int limit) {
    return read(() ->
        client
            .sql("SELECT * FROM patch_run ORDER BY id DESC LIMIT :limit")
            .param("limit", limit)
            .query((row, n) -> run(row))
            .list());
  }

  @Override
  public List<ContainerReport> reports(long run) {
    return read(() ->
        client
            .sql("SELECT content FROM patch_report WHERE run = :run ORDER BY ctid")
            .param("run", run)
            .query((row, n) -> report(row))
            .list());
  }

  @Override
  public Optional<ContainerReport> latest(Ctid ctid) {
    return read(() ->
        client
            .sql("SELECT content FROM patch_report WHERE ctid = :ctid ORDER BY run DESC LIMIT 1")
            .param("ctid", ctid.value())
            .query((row, n) -> report(row))
            .optional());
  }

  @Override
  public List<Run> unfinished() {
    return read(() ->
        client
            .sql("SELECT * FROM patch_run WHERE state = 'RUNNING' ORDER BY id")
            .query((row, n) -> run(row))
            .list());
  }

  private static ContainerReport report(ResultSet row) throws SQLException {
    return MAPPER.readValue(row.getString("content"), ContainerReport.class);
  }

  private static Run run(ResultSet row) throws SQLException {
    OffsetDateTime ended = row.getObject("ended", OffsetDateTime.class);
    return new Run(
        row.getLong("id"),
        row.getString("action"),
        MAPPER.readValue(row.getString("request"), RolloutRequest.class),
        Run.State.valueOf(row.getString("state")),
        ContainerRows.instant(row, "started"),
        ended == null ? null : ended.toInstant(),
        row.getString("message"));
  }

  private static <T> T read(Supplier<T> query) {
    try {
      return query.get();
    } catch (DataAccessException e) {
      throw StoreErrors.translate(e);
    }
  }
}
