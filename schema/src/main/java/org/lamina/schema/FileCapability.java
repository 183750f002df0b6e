package org.lamina.schema;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * The attribute {@code security.capability}. Written inside a user namespace it names the
 * namespace's root, written outside it does not; to a container both are one. Pure.
 */
public final class FileCapability {
  public static final String NAME = "security.capability";
  private static final int VERSION = 0xff000000;
  private static final int OF_HOST = 0x02000000;
  private static final int OF_NAMESPACE = 0x03000000;

  private FileCapability() {}

  /** The value without the root it belongs to; other attributes and formats as they are. */
  public static String plain(String name, String base64) {
    byte[] value = Base64.getDecoder().decode(base64);
    if (!name.equals(NAME) || value.length != 24 || version(value) != OF_NAMESPACE) {
      return base64;
    }
    ByteBuffer out = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    out.put(value, 0, 20).putInt(0, (magic(value) & ~VERSION) | OF_HOST);
    return Base64.getEncoder().encodeToString(out.array());
  }

  /** The bytes to write from the host so that they count in the namespace with this root. */
  public static byte[] forRoot(byte[] value, int root) {
    if (root == 0 || value.length != 20 || version(value) != OF_HOST) {
      return value;
    }
    ByteBuffer out = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    out.put(value).putInt(root).putInt(0, (magic(value) & ~VERSION) | OF_NAMESPACE);
    return out.array();
  }

  private static int version(byte[] value) {
    return magic(value) & VERSION;
  }

  private static int magic(byte[] value) {
    return ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
  }
}
