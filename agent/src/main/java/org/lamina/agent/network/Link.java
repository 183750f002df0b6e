package org.lamina.agent.network;

import java.util.UUID;
import org.lamina.schema.Ctid;
import org.lamina.schema.InterfaceIdentity;

/**
 * The pair of interfaces between the host and a container. Names and hardware addresses follow from
 * the container's identity, so that they are the same after every start.
 *
 * @param host name on the host's side
 * @param hostMac hardware address there
 * @param guestMac hardware address of {@link #GUEST}
 */
public record Link(Ctid ctid, String host, String hostMac, String guestMac) {
  /** Name of the routed interface inside. No distribution has settings for it. */
  public static final String GUEST = "venet0";

  public static Link of(Ctid ctid, UUID uuid) {
    InterfaceIdentity identity = new InterfaceIdentity(ctid, uuid);
    return new Link(
        ctid, identity.hostName(0), identity.mac("host").text(), identity.mac("guest").text());
  }

  /** Name of the counter of what was refused from the container. */
  String counter() {
    return "ct" + ctid;
  }
}
