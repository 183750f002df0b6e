package org.lamina.agent;

/**
 * What went through an interface since it was made.
 *
 * @param receivedBytes with link-layer headers
 */
public record Traffic(long receivedBytes, long receivedPackets, long sentBytes, long sentPackets) {
  /** What went both here and there. */
  public Traffic plus(Traffic other) {
    return new Traffic(
        receivedBytes + other.receivedBytes,
        receivedPackets + other.receivedPackets,
        sentBytes + other.sentBytes,
        sentPackets + other.sentPackets);
  }

  /** The same as the other end of the wire counts it. */
  public Traffic fromOtherSide() {
    return new Traffic(
        /* receivedBytes= */ sentBytes,
        /* receivedPackets= */ sentPackets,
        /* sentBytes= */ receivedBytes,
        /* sentPackets= */ receivedPackets);
  }
}
