package org.lamina.manager.core;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lamina.schema.BridgeNetwork;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Networks and pools that outlive their daemons. */
final class InMemoryNetworkStore implements NetworkStore {
  private final Map<String, AddressPool> pools = new TreeMap<>();
  private final Map<String, BridgeNetwork> networks = new TreeMap<>();

  @Override
  public synchronized List<AddressPool> pools() {
    return List.copyOf(pools.values());
  }

  @Override
  public synchronized void add(AddressPool pool) {
    if (pools.putIfAbsent(pool.name(), pool) != null) {
      throw new LaminaException(ExitCode.IP_IN_USE, "taken");
    }
  }

  @Override
  public synchronized boolean removePool(String name) {
    return pools.remove(name) != null;
  }

  @Override
  public synchronized List<BridgeNetwork> networks() {
    return List.copyOf(networks.values());
  }

  @Override
  public synchronized void add(BridgeNetwork network) {
    if (networks.putIfAbsent(network.name(), network) != null) {
      throw new LaminaException(ExitCode.IP_IN_USE, "taken");
    }
  }

  @Override
  public synchronized boolean removeNetwork(String name) {
    return networks.remove(name) != null;
  }
}
