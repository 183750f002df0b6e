package org.lamina.manager.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Container;
import org.lamina.schema.BindMount;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CpuList;
import org.lamina.schema.Ctid;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.IdRange;
import org.lamina.schema.InterfaceIdentity;
import org.lamina.schema.Labels;
import org.lamina.schema.LaminaException;
import org.lamina.schema.LimitKeys;
import org.lamina.schema.Limits;
import org.lamina.schema.LimitsBuilder;
import org.lamina.schema.NetworkConfig;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Containers to rows and back. */
final class ContainerRows {
  static final String INSERT =
      """
      INSERT INTO container (ctid, uuid, name, hostname, description, template, generation, sample,
        onboot, boot_order, disabled, stop_timeout, ram, swap, cpu_percent, cpu_units, numproc,
        mem_guarantee, cpus, cpu_mask, node_mask, io_priority, io_limit, iops_limit, numfile,
        numpty, disk_soft, disk_hard, inodes_soft, inodes_hard, disk_grace, devnodes, devices,
        capability, features, bind_mounts, wants_running, created)
      VALUES (:ctid, :uuid, :name, :hostname, :description, :template, :generation, :sample,
        :onboot, :bootOrder, :disabled, :stopTimeout, :ram, :swap, :cpuPercent, :cpuUnits, :numproc,
        :guarantee, :cpus, :cpuMask, :nodeMask, :ioPriority, :ioLimit, :iopsLimit, :numfile,
        :numpty, :diskSoft, :diskHard, :inodesSoft, :inodesHard, :diskGrace, :devnodes, :devices,
        :capability, :features, :bindMounts, :wantsRunning, :created)
      """;

  static final String UPDATE =
      """
      UPDATE container SET uuid = :uuid, name = :name, hostname = :hostname,
        description = :description, template = :template, generation = :generation,
        sample = :sample, onboot = :onboot, boot_order = :bootOrder, disabled = :disabled,
        stop_timeout = :stopTimeout, ram = :ram, swap = :swap, cpu_percent = :cpuPercent,
        cpu_units = :cpuUnits, numproc = :numproc, mem_guarantee = :guarantee, cpus = :cpus,
        cpu_mask = :cpuMask, node_mask = :nodeMask, io_priority = :ioPriority,
        io_limit = :ioLimit, iops_limit = :iopsLimit, numfile = :numfile, numpty = :numpty,
        disk_soft = :diskSoft, disk_hard = :diskHard, inodes_soft = :inodesSoft,
        inodes_hard = :inodesHard, disk_grace = :diskGrace, devnodes = :devnodes,
        devices = :devices, capability = :capability, features = :features,
        bind_mounts = :bindMounts,
        wants_running = :wantsRunning,
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
    values.put("ram", bytes(limits.ram()));
    values.put("swap", bytes(limits.swap()));
    values.put("guarantee", limits.guarantee());
    values.put("cpuPercent", limits.cpuPercent());
    values.put("cpuUnits", limits.cpuUnits());
    values.put("cpus", limits.cpus());
    values.put("cpuMask", limits.cpuMask() == null ? null : limits.cpuMask().text());
    values.put("nodeMask", limits.nodeMask() == null ? null : limits.nodeMask().text());
    values.put("ioPriority", limits.ioPriority());
    values.put("ioLimit", bytes(limits.ioLimit()));
    values.put("iopsLimit", limits.iopsLimit());
    values.put("numproc", limits.numproc());
    values.put("numfile", limits.numfile());
    values.put("numpty", limits.numpty());
    values.put("diskSoft", c.disk().softSpace());
    values.put("diskHard", c.disk().space());
    values.put("inodesSoft", c.disk().softInodes());
    values.put("inodesHard", c.disk().inodes());
    values.put("diskGrace", c.disk().grace());
    values.put("devnodes", c.access().nodesText());
    values.put("devices", c.access().devicesText());
    values.put("capability", c.access().capabilitiesText());
    values.put("features", c.access().featuresText());
    values.put("bindMounts", c.bindMounts().isEmpty() ? null : BindMount.render(c.bindMounts()));
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
    InterfaceIdentity identity =
        new InterfaceIdentity(new Ctid(ctid), row.getObject("uuid", UUID.class));
    Kept kept = Kept.of(extras.getOrDefault(ctid, Map.of()), identity);
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
        .limits(limits(row))
        .disk(disk(row))
        .access(access(row))
        .bindMounts(bindMounts(row))
        .network(kept.network())
        .labels(Labels.of(labels.getOrDefault(ctid, Map.of())))
        .extra(kept.extra())
        .wantsRunning(row.getBoolean("wants_running"))
        .build();
  }

  private static List<BindMount> bindMounts(ResultSet row) throws SQLException {
    String text = row.getString("bind_mounts");
    return text == null ? List.of() : BindMount.parseAll(text);
  }

  private static DiskLimits disk(ResultSet row) throws SQLException {
    return new DiskLimits(
        row.getObject("disk_soft", Long.class),
        row.getObject("disk_hard", Long.class),
        row.getObject("inodes_soft", Long.class),
        row.getObject("inodes_hard", Long.class),
        row.getObject("disk_grace", Integer.class));
  }

  private static GuestAccess access(ResultSet row) throws SQLException {
    Map<String, @Nullable String> columns = new HashMap<>();
    for (String key : List.of("devnodes", "devices", "capability", "features")) {
      columns.put(key.toUpperCase(Locale.ROOT), row.getString(key));
    }
    return GuestAccess.read(
        new LimitKeys.Source() {
          @Override
          public <T> @Nullable T take(String key, Function<String, ? extends @Nullable T> read) {
            String text = columns.get(key);
            return text == null ? null : read.apply(text);
          }
        });
  }

  private static Limits limits(ResultSet row) throws SQLException {
    return new LimitsBuilder()
        .ram(size(row, "ram"))
        .swap(size(row, "swap"))
        .guarantee(row.getObject("mem_guarantee", Integer.class))
        .cpuPercent(row.getObject("cpu_percent", Double.class))
        .cpuUnits(row.getObject("cpu_units", Integer.class))
        .cpus(row.getObject("cpus", Integer.class))
        .cpuMask(list(row, "cpu_mask"))
        .nodeMask(list(row, "node_mask"))
        .ioPriority(row.getObject("io_priority", Integer.class))
        .ioLimit(size(row, "io_limit"))
        .iopsLimit(row.getObject("iops_limit", Long.class))
        .numproc(row.getObject("numproc", Long.class))
        .numfile(row.getObject("numfile", Long.class))
        .numpty(row.getObject("numpty", Long.class))
        .build();
  }

  private static @Nullable Long bytes(@Nullable ByteSize size) {
    return size == null ? null : size.bytes();
  }

  private static @Nullable ByteSize size(ResultSet row, String column) throws SQLException {
    Long bytes = row.getObject(column, Long.class);
    return bytes == null ? null : new ByteSize(bytes);
  }

  private static @Nullable CpuList list(ResultSet row, String column) throws SQLException {
    String text = row.getString(column);
    return text == null ? null : new CpuList(text);
  }

  /** Kept settings that are the network's, and the rest. */
  private record Kept(NetworkConfig network, Map<String, String> extra) {
    static Kept of(Map<String, String> settings, InterfaceIdentity identity) {
      try {
        NetworkConfig network =
            NetworkConfig.read(key -> Optional.ofNullable(settings.get(key)), identity);
        Map<String, String> extra = new HashMap<>(settings);
        extra.keySet().removeAll(NetworkConfig.KEYS);
        return new Kept(network, extra);
      } catch (LaminaException e) {
        // Of a release that kept these keys unread: nothing can be made of them here either.
        return new Kept(NetworkConfig.NONE, settings);
      }
    }
  }

  /** Every setting that is kept as text. */
  static Map<String, String> kept(Container c) {
    Map<String, String> settings = new HashMap<>(c.extra());
    settings.putAll(c.network().toKeys());
    return settings;
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
