package org.lamina.manager.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Container;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Ctid;
import org.lamina.schema.IdRange;
import org.lamina.schema.Labels;
import org.lamina.schema.Limits;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Containers to rows and back. */
final class ContainerRows {
  static final String INSERT =
      """
      INSERT INTO container (ctid, uuid, name, hostname, description, template, generation, sample,
        onboot, boot_order, disabled, stop_timeout, ram, swap, cpu_percent, cpu_units, numproc,
        wants_running, created)
      VALUES (:ctid, :uuid, :name, :hostname, :description, :template, :generation, :sample,
        :onboot, :bootOrder, :disabled, :stopTimeout, :ram, :swap, :cpuPercent, :cpuUnits, :numproc,
        :wantsRunning, :created)
      """;

  static final String UPDATE =
      """
      UPDATE container SET uuid = :uuid, name = :name, hostname = :hostname,
        description = :description, template = :template, generation = :generation,
        sample = :sample, onboot = :onboot, boot_order = :bootOrder, disabled = :disabled,
        stop_timeout = :stopTimeout, ram = :ram, swap = :swap, cpu_percent = :cpuPercent,
        cpu_units = :cpuUnits, numproc = :numproc, wants_running = :wantsRunning,
        created = :created
      WHERE ctid = :ctid
      """;

  private ContainerRows() {}

  static Map<String, @Nullable Object> values(Container c) {
    Limits limits = c.limits();
    Map<String, @Nullable Object> values = new HashMap<>();
    values.put("ctid", c.ctid().value());
    values.put("uuid", c.uuid());
    values.put("name", c.name());
    values.put("hostname", c.hostname());
    values.put("description", c.description());
    values.put("template", c.template());
    values.put("generation", c.generation());
    values.put("sample", c.sample());
    values.put("onboot", c.onboot());
    values.put("bootOrder", c.bootOrder());
    values.put("disabled", c.disabled());
    values.put("stopTimeout", c.stopTimeoutSeconds());
    values.put("ram", limits.ram() == null ? null : limits.ram().bytes());
    values.put("swap", limits.swap() == null ? null : limits.swap().bytes());
    values.put("cpuPercent", limits.cpuPercent());
    values.put("cpuUnits", limits.cpuUnits());
    values.put("numproc", limits.numproc());
    values.put("wantsRunning", c.wantsRunning());
    values.put("created", timestamp(c.created()));
    return values;
  }

  static Container container(
      ResultSet row,
      Map<Integer, Map<String, String>> extras,
      Map<Integer, Map<String, String>> labels)
      throws SQLException {
    int ctid = row.getInt("ctid");
    Long ram = row.getObject("ram", Long.class);
    Long swap = row.getObject("swap", Long.class);
    return Container.of(
            new Ctid(ctid),
            row.getObject("uuid", UUID.class),
            row.getString("template"),
            row.getInt("generation"),
            // zero where there is no range: a privileged container
            new IdRange(row.getInt("base")),
            instant(row, "created"))
        .name(row.getString("name"))
        .hostname(row.getString("hostname"))
        .description(row.getString("description"))
        .sample(row.getString("sample"))
        .onboot(row.getObject("onboot", Boolean.class))
        .bootOrder(row.getObject("boot_order", Integer.class))
        .disabled(row.getBoolean("disabled"))
        .stopTimeoutSeconds(row.getObject("stop_timeout", Integer.class))
        .limits(
            new Limits(
                ram == null ? null : new ByteSize(ram),
                swap == null ? null : new ByteSize(swap),
                row.getObject("cpu_percent", Double.class),
                row.getObject("cpu_units", Integer.class),
                row.getObject("numproc", Long.class)))
        .labels(Labels.of(labels.getOrDefault(ctid, Map.of())))
        .extra(extras.getOrDefault(ctid, Map.of()))
        .wantsRunning(row.getBoolean("wants_running"))
        .build();
  }

  /** Rows of ctid, name and content, by CTID. */
  static Map<Integer, Map<String, String>> pairs(JdbcClient.StatementSpec query) {
    Map<Integer, Map<String, String>> pairs = new HashMap<>();
    query.query(row -> {
      pairs
          .computeIfAbsent(row.getInt("ctid"), c -> new HashMap<>())
          .put(row.getString("name"), row.getString("content"));
    });
    return pairs;
  }

  static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
