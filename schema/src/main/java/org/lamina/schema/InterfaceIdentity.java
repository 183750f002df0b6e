package org.lamina.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Names and hardware addresses that are given to a container's interfaces. They follow from the
 * container's identity: the same after every start and on every host, other in a copy.
 */
public record InterfaceIdentity(Ctid ctid, UUID uuid) {
  /** Longest name of an interface, IFNAMSIZ less the final zero. */
  private static final int MAX_NAME = 15;

  /** Name on the host of interface number {@code n}; 0 is the routed one. */
  public String hostName(int n) {
    String name = "veth" + ctid + "." + n;
    return name.length() <= MAX_NAME ? name : "ve" + ctid + "." + n;
  }

  /** Locally administered, unicast. */
  public MacAddress mac(String of) {
    return new MacAddress(pairs(of, 0xfc, 0x02));
  }

  /**
   * The same for the host's side of a bridged interface. A bridge takes the least address of its
   * ports for its own, so theirs are the greatest there are.
   */
  public MacAddress bridgeSideMac(String of) {
    return new MacAddress(pairs(of, 0x00, 0xfe));
  }

  private String pairs(String of, int keep, int set) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest((uuid + " " + of).getBytes(StandardCharsets.UTF_8));
      digest[0] = (byte) ((digest[0] & keep) | set);
      return HexFormat.ofDelimiter(":").formatHex(digest, 0, 6);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
