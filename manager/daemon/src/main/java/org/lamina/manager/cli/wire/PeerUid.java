package org.lamina.manager.cli.wire;

import jakarta.servlet.http.HttpServletRequest;

/** Who is at the other end of the socket a request came through. */
@FunctionalInterface
public interface PeerUid {
  int of(HttpServletRequest request);
}
