package org.lamina.manager.cli;

import java.util.ArrayList;
import java.util.List;
import org.lamina.manager.core.AddressPool;
import org.lamina.manager.core.Listener;
import org.lamina.manager.core.NetworkService;
import org.lamina.schema.AddressRange;
import org.lamina.schema.BridgeNetwork;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Networks and pools that tests put together. */
public final class FakeNetworks implements NetworkService {
  public final List<NetworkView> networks = new ArrayList<>();
  public final List<PoolView> pools = new ArrayList<>();

  @Override
  public List<NetworkView> networks() {
    return networks;
  }

  @Override
  public NetworkView network(String name) {
    return networks.stream()
        .filter(n -> n.network().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new LaminaException(ExitCode.BAD_PARAMETER, "no network " + name));
  }

  @Override
  public NetworkView createNetwork(
      String name, String subnet4, String subnet6, String domain, Listener listener) {
    NetworkView made =
        new NetworkView(
            new BridgeNetwork(
                name,
                subnet4 == null ? "10.37.0.0/24" : subnet4,
                subnet6,
                domain == null ? "lamina" : domain),
            true,
            List.of());
    networks.add(made);
    listener.say("Network " + name + " was created");
    return made;
  }

  @Override
  public void destroyNetwork(String name, Listener listener) {
    networks.remove(network(name));
  }

  @Override
  public List<PoolView> pools() {
    return pools;
  }

  @Override
  public AddressPool createPool(String name, String range, Listener listener) {
    AddressPool pool = new AddressPool(name, AddressRange.parse(range));
    pools.add(new PoolView(pool, 0, pool.range().size().longValue()));
    return pool;
  }

  @Override
  public void destroyPool(String name, Listener listener) {
    pools.removeIf(p -> p.pool().name().equals(name));
  }
}
