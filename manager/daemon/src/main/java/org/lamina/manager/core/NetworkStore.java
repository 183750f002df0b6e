package org.lamina.manager.core;

import java.util.List;
import org.lamina.schema.BridgeNetwork;

/** What the daemon remembers of networks and pools. Changes survive power loss. Thread safe. */
public interface NetworkStore {
  /** By name. */
  List<AddressPool> pools();

  /**
   * @throws org.lamina.schema.LaminaException IP_IN_USE if the name is taken
   */
  void add(AddressPool pool);

  /** False if there is none of that name. */
  boolean removePool(String name);

  /** By name. */
  List<BridgeNetwork> networks();

  /**
   * @throws org.lamina.schema.LaminaException IP_IN_USE if the name is taken
   */
  void add(BridgeNetwork network);

  /** False if there is none of that name. */
  boolean removeNetwork(String name);
}
