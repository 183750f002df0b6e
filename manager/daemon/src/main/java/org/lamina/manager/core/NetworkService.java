package org.lamina.manager.core;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.BridgeNetwork;
import org.lamina.schema.Ctid;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;

/** The use cases on networks and pools of the host. Thread safe. */
public interface NetworkService {
  /**
   * A network with what is on it.
   *
   * @param served its bridge is up, and names and addresses are given
   */
  record NetworkView(BridgeNetwork network, boolean served, List<Place> places) {}

  /** Who is on a network: one address of one interface. */
  record Place(Ctid ctid, String name, String ifname, IpAddress address, boolean dhcp) {}

  /**
   * A pool with its use.
   *
   * @param used addresses that containers have
   * @param size addresses there are, at most {@link Long#MAX_VALUE}
   */
  record PoolView(AddressPool pool, long used, long size) {}

  /** By name. */
  List<NetworkView> networks();

  /**
   * @throws LaminaException BAD_PARAMETER if there is none of that name
   */
  NetworkView network(String name);

  /**
   * Makes a network: bridge, address, forwarding with the host's own addresses, names and DHCP.
   *
   * @param subnet4 null for one that nothing on this host is in conflict with
   * @param subnet6 {@code auto} for a random one of RFC 4193, null for none
   * @param domain null for the default
   * @throws LaminaException IP_IN_USE, VETH_FAILED, BAD_PARAMETER, BAD_IP
   */
  NetworkView createNetwork(
      String name,
      @Nullable String subnet4,
      @Nullable String subnet6,
      @Nullable String domain,
      Listener listener);

  /**
   * @throws LaminaException BAD_PARAMETER if there is none, IP_IN_USE naming the containers on it
   */
  void destroyNetwork(String name, Listener listener);

  /** By name. */
  List<PoolView> pools();

  /**
   * @throws LaminaException BAD_PARAMETER, BAD_IP, IP_IN_USE if it overlaps with another
   */
  AddressPool createPool(String name, String range, Listener listener);

  /** Containers keep their addresses. */
  void destroyPool(String name, Listener listener);
}
