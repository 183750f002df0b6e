package org.lamina.manager.store;

import java.util.List;
import org.lamina.manager.core.AddressPool;
import org.lamina.manager.core.NetworkStore;
import org.lamina.schema.AddressRange;
import org.lamina.schema.BridgeNetwork;
import org.lamina.schema.IpAddress;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Networks and pools in H2. */
public final class H2NetworkStore implements NetworkStore {
  private final Database database;
  private final JdbcClient client;

  public H2NetworkStore(Database database) {
    this.database = database;
    this.client = database.client();
  }

  @Override
  public List<AddressPool> pools() {
    return database.atomically(() ->
        client
            .sql("SELECT name, first_one, last_one, prefix FROM address_pool ORDER BY name")
            .query((row, n) ->
                new AddressPool(
                    row.getString("name"),
                    new AddressRange(
                        new IpAddress(row.getString("first_one")),
                        new IpAddress(row.getString("last_one")),
                        row.getInt("prefix"))))
            .list());
  }

  @Override
  public void add(AddressPool pool) {
    var _ =
        database.durably(() ->
            client
                .sql(
                    "INSERT INTO address_pool (name, first_one, last_one, prefix)"
                        + " VALUES (:name, :first, :last, :prefix)")
                .param("name", pool.name())
                .param("first", pool.range().first().text())
                .param("last", pool.range().last().text())
                .param("prefix", pool.range().prefix())
                .update());
  }

  @Override
  public boolean removePool(String name) {
    return database.durably(() -> delete("address_pool", name)) > 0;
  }

  @Override
  public List<BridgeNetwork> networks() {
    return database.atomically(() ->
        client
            .sql("SELECT name, subnet4, subnet6, domain FROM bridge_network ORDER BY name")
            .query((row, n) ->
                new BridgeNetwork(
                    row.getString("name"),
                    row.getString("subnet4"),
                    row.getString("subnet6"),
                    row.getString("domain")))
            .list());
  }

  @Override
  public void add(BridgeNetwork network) {
    var _ =
        database.durably(() ->
            client
                .sql(
                    "INSERT INTO bridge_network (name, subnet4, subnet6, domain)"
                        + " VALUES (:name, :subnet4, :subnet6, :domain)")
                .param("name", network.name())
                .param("subnet4", network.subnet4())
                .param("subnet6", network.subnet6())
                .param("domain", network.domain())
                .update());
  }

  @Override
  public boolean removeNetwork(String name) {
    return database.durably(() -> delete("bridge_network", name)) > 0;
  }

  private int delete(String table, String name) {
    return client.sql("DELETE FROM " + table + " WHERE name = :name").param("name", name).update();
  }
}
