package org.lamina.schema;

/**
 * The block of host user and group ids that a container's ids 0..65535 map to. Base 0 stands for a
 * privileged container without a user namespace.
 *
 * @param base first host id, 0 or a multiple of 65536
 */
public record IdRange(int base) {
  /** Ids in every range; what one Linux system needs (16-bit uids, nobody = 65534). */
  public static final int SIZE = 65_536;

  public static final IdRange PRIVILEGED = new IdRange(0);

  public IdRange {
    if (base < 0 || base % SIZE != 0) {
      throw new LaminaException(
          ExitCode.BAD_CONFIG, "bad id range base " + base + ": not a multiple of " + SIZE);
    }
  }

  /** Whether a user or group id of the host is one of these. */
  public boolean contains(long id) {
    return id >= base && id < (long) base + SIZE;
  }

  public boolean privileged() {
    return base == 0;
  }
}
