package org.lamina.agent.sys;

import org.jspecify.annotations.Nullable;

/** Unix datagrams with credentials, descriptor passing, and the loopback interface. */
public interface SocketCalls {
  /** A datagram read as UTF-8 and the process id of its sender. */
  record Datagram(int pid, String text) {}

  /** A bound non-blocking AF_UNIX datagram socket that asks for sender credentials. */
  Fd bindDatagram(String path);

  /** The next datagram, cut at 4096 bytes, or null; descriptors sent along are closed. */
  @Nullable Datagram receive(Fd socket);

  /** Sends one byte with a descriptor (SCM_RIGHTS). */
  void sendDescriptor(Fd socket, Fd descriptor);

  /** Brings {@code lo} up in the calling thread's network namespace. */
  void bringLoopbackUp();
}
