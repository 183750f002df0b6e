package org.lamina.manager.api;

/**
 * Who is at the other end of the socket, as the kernel says.
 *
 * @param uid user id on this host
 * @param user its name, or the number where there is no name
 */
public record Peer(int uid, String user) {
  private static final ThreadLocal<Peer> CURRENT = new ThreadLocal<>();

  /**
   * The caller of the request that this thread handles.
   *
   * @throws IllegalStateException outside of a request
   */
  public static Peer current() {
    Peer peer = CURRENT.get();
    if (peer == null) {
      throw new IllegalStateException("this thread handles no request");
    }
    return peer;
  }

  static void enter(Peer peer) {
    CURRENT.set(peer);
  }

  static void leave() {
    CURRENT.remove();
  }
}
