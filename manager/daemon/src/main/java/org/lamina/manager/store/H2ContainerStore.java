package org.lamina.manager.store;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.lamina.manager.core.Container;
import org.lamina.manager.core.ContainerStore;
import org.lamina.manager.core.IdPool;
import org.lamina.manager.core.Intent;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Netif;
import org.lamina.schema.PublishedPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Containers, id ranges and intents in H2. */
public final class H2ContainerStore implements ContainerStore {
  private static final String SELECT =
      "SELECT c.*, r.base FROM container c LEFT JOIN id_range r ON r.ctid = c.ctid";

  private final Database database;
  private final JdbcClient client;

  /** Id ranges are chosen by reading and then writing: one at a time. */
  private final Object insertion = new Object();

  public H2ContainerStore(Database database) {
    this.database = database;
    this.client = database.client();
  }

  @Override
  public List<Container> all() {
    return database.atomically(() -> {
      Map<Integer, Map<String, String>> extras =
          ContainerRows.pairs(client.sql("SELECT ctid, name, content FROM extra_setting"));
      Map<Integer, Map<String, String>> labels =
          ContainerRows.pairs(client.sql("SELECT ctid, name, content FROM label"));
      return client
          .sql(SELECT + " ORDER BY c.ctid")
          .query((row, n) -> ContainerRows.container(row, extras, labels))
          .list();
    });
  }

  @Override
  public Container insert(Container draft, @Nullable IdPool pool, Intent intent) {
    database.requireRoom();
    synchronized (insertion) {
      return database.atomically(() -> {
        Container container = pool == null ? draft : draft.withIds(pool.choose(takenBases()));
        client.sql(ContainerRows.INSERT).params(ContainerRows.values(container)).update();
        if (!container.ids().privileged()) {
          client
              .sql("INSERT INTO id_range (base, ctid) VALUES (:base, :ctid)")
              .param("base", container.ids().base())
              .param("ctid", container.ctid().value())
              .update();
        }
        insertParts(container);
        put(intent);
        return container;
      });
    }
  }

  private Set<Integer> takenBases() {
    return new HashSet<>(client.sql("SELECT base FROM id_range").query(Integer.class).list());
  }

  @Override
  public void save(Container container) {
    var _ = database.durably(() -> update(container));
  }

  @Override
  public void saveAndClear(Container container) {
    var _ =
        database.durably(() -> {
          int rows = update(container);
          deleteIntent(container.ctid());
          return rows;
        });
  }

  private int update(Container container) {
    int rows = client.sql(ContainerRows.UPDATE).params(ContainerRows.values(container)).update();
    if (rows == 0) {
      throw new LaminaException(
          ExitCode.NO_CONTAINER_CONFIG, "Container " + container.ctid() + " does not exist");
    }
    for (String table :
        List.of(
            "extra_setting",
            "label",
            "address",
            "published_port",
            "hardware_address",
            "host_interface")) {
      client
          .sql("DELETE FROM " + table + " WHERE ctid = :ctid")
          .param("ctid", container.ctid().value())
          .update();
    }
    insertParts(container);
    return rows;
  }

  private void insertParts(Container container) {
    insertPairs("extra_setting", container.ctid(), ContainerRows.kept(container));
    insertPairs("label", container.ctid(), container.labels().values());
    int ctid = container.ctid().value();
    for (IpAddress address : container.network().owned()) {
      own("address", "address", address.text(), ctid);
    }
    for (Netif n : container.network().interfaces()) {
      own("hardware_address", "mac", n.mac().text(), ctid);
      own("hardware_address", "mac", n.hostMac().text(), ctid);
      own("host_interface", "name", n.hostName(), ctid);
    }
    container.network().devices().forEach(name -> own("host_interface", "name", name, ctid));
    for (PublishedPort port : container.network().ports()) {
      client
          .sql(
              "INSERT INTO published_port (protocol, address, port, ctid)"
                  + " VALUES (:protocol, :address, :port, :ctid)")
          .param("protocol", port.protocol().name())
          .param("address", port.address() == null ? "" : port.address().text())
          .param("port", port.hostPort())
          .param("ctid", ctid)
          .update();
    }
  }

  private void own(String table, String column, String value, int ctid) {
    client
        .sql("INSERT INTO " + table + " (" + column + ", ctid) VALUES (:it, :ctid)")
        .param("it", value)
        .param("ctid", ctid)
        .update();
  }

  private void insertPairs(String table, Ctid ctid, Map<String, String> pairs) {
    pairs.forEach((name, content) ->
        client
            .sql("INSERT INTO " + table + " (ctid, name, content) VALUES (:ctid, :name, :content)")
            .param("ctid", ctid.value())
            .param("name", name)
            .param("content", content)
            .update());
  }

  @Override
  public void intend(Intent intent) {
    var _ = database.atomically(() -> put(intent));
  }

  private int put(Intent intent) {
    return client
        .sql(
            "MERGE INTO intent (ctid, kind, data, since) KEY (ctid)"
                + " VALUES (:ctid, :kind, :data, :since)")
        .param("ctid", intent.ctid().value())
        .param("kind", intent.kind().name())
        .param("data", intent.data())
        .param("since", ContainerRows.timestamp(intent.since()))
        .update();
  }

  @Override
  public void clear(Ctid ctid) {
    var _ = database.atomically(() -> deleteIntent(ctid));
  }

  private int deleteIntent(Ctid ctid) {
    return client.sql("DELETE FROM intent WHERE ctid = :ctid").param("ctid", ctid.value()).update();
  }

  @Override
  public void delete(Ctid ctid) {
    var _ =
        database.durably(() -> {
          deleteIntent(ctid);
          return client
              .sql("DELETE FROM container WHERE ctid = :ctid")
              .param("ctid", ctid.value())
              .update();
        });
  }

  @Override
  public List<Intent> intents() {
    return database.atomically(() ->
        client
            .sql("SELECT ctid, kind, data, since FROM intent ORDER BY ctid")
            .query((row, n) ->
                new Intent(
                    new Ctid(row.getInt("ctid")),
                    Intent.Kind.valueOf(row.getString("kind")),
                    row.getString("data"),
                    ContainerRows.instant(row, "since")))
            .list());
  }
}
