package org.lamina.agent.network;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;
import org.lamina.schema.Ctid;

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

  /** Longest name of an interface, IFNAMSIZ less the final zero. */
  private static final int MAX_NAME = 15;

  public static Link of(Ctid ctid, UUID uuid) {
    String name = "veth" + ctid + ".0";
    return new Link(
        ctid,
        name.length() <= MAX_NAME ? name : "ve" + ctid + ".0",
        mac(uuid, "host"),
        mac(uuid, "guest"));
  }

  /** Locally administered, unicast. */
  private static String mac(UUID uuid, String side) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((uuid + " " + side).getBytes(StandardCharsets.UTF_8));
      digest[0] = (byte) ((digest[0] & 0xfc) | 0x02);
      return HexFormat.ofDelimiter(":").formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Name of the counter of what was refused from the container. */
  String counter() {
    return "ct" + ctid;
  }
}
