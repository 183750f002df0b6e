package org.lamina.agent;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.lamina.schema.AddressRange;
import org.lamina.schema.BridgeNetwork;
import org.lamina.schema.IpAddress;
import org.lamina.schema.LaminaException;
import org.lamina.schema.MacAddress;

/** The host's side of networks that are not one container's. Thread safe. */
public interface NetworkHost {
  /**
   * Who has which address on a network, for DHCP and for the names that it resolves.
   *
   * @param mac that asks for it; of one that does not ask, its name is resolved all the same
   * @param name of the machine, without a domain
   * @param asks by DHCP
   */
  record Member(MacAddress mac, IpAddress address, String name, boolean asks) {}

  /** A network with all who are on it. */
  record Served(BridgeNetwork network, List<Member> members) {
    public Served {
      members = List.copyOf(members);
    }
  }

  /**
   * Makes a network that is new here.
   *
   * @throws LaminaException IP_IN_USE if the host has an interface of that name, VETH_FAILED; there
   *     is nothing of it then
   */
  void makeNetwork(Served served);

  /**
   * Brings the host in line with what is wanted: makes what is missing, changes what is different
   * and serves all of them. A network that cannot be served is told in the log.
   */
  void serve(List<Served> all);

  /** Takes a network away, with its bridge, service and leases; it need not be there. */
  void removeNetwork(String name);

  /** Whether its bridge is there and up, and its names and addresses are served. */
  boolean isServed(String name);

  /** Networks that the host is in or has routes to, the default routes aside. */
  List<AddressRange> networksOfHost();

  /**
   * The first of the addresses that a machine on one of the host's networks answers for.
   *
   * @return a phrase that says who; empty if nobody answered within a fifth of a second
   */
  Optional<String> answering(Collection<IpAddress> addresses);
}
