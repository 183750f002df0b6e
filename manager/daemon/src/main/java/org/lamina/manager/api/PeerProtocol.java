package org.lamina.manager.api;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * HTTP over a Unix socket that asks the kernel who calls: strangers are dropped before a byte of
 * theirs is read, and every request knows its {@link Peer}. Tomcat makes the object by name.
 */
public final class PeerProtocol extends Http11NioProtocol {
  private static final Logger log = System.getLogger(PeerProtocol.class.getName());

  private static final byte[] REFUSAL =
      """
      HTTP/1.1 403 Forbidden\r
      Content-Type: application/json\r
      Connection: close\r
      \r
      {"message":"only root and members of the group may command the daemon"}
      """
          .getBytes(StandardCharsets.US_ASCII);

  private @Nullable PeerGuard guard;

  public PeerProtocol() {
    this(new Endpoint());
  }

  private PeerProtocol(Endpoint endpoint) {
    super(endpoint);
    endpoint.protocol = this;
  }

  /** Without a guard nobody may call. */
  public void setGuard(PeerGuard guard) {
    this.guard = guard;
  }

  private boolean mayCall(SocketChannel channel) {
    try {
      if (guard != null && guard.mayCall(channel)) {
        return true;
      }
      log.log(
          Level.WARNING,
          "refused a caller: {0}",
          guard == null ? "no guard is set" : guard.peer(channel));
    } catch (IOException | RuntimeException e) {
      log.log(Level.WARNING, "refused a caller of whom the kernel says nothing", e);
    }
    return false;
  }

  private Peer peer(SocketWrapperBase<?> wrapper) throws IOException {
    if (guard == null || !(wrapper.getSocket() instanceof NioChannel channel)) {
      throw new IOException("no guard is set");
    }
    return guard.peer(channel.getIOChannel());
  }

  @Override
  protected Processor createProcessor() {
    return new PeerProcessor();
  }

  /** One thread handles one request at a time from its first byte to its last. */
  private final class PeerProcessor extends Http11Processor {
    PeerProcessor() {
      super(PeerProtocol.this, PeerProtocol.this.getAdapter());
    }

    @Override
    public SocketState service(SocketWrapperBase<?> wrapper) throws IOException {
      Peer.enter(peer(wrapper));
      try {
        return super.service(wrapper);
      } finally {
        Peer.leave();
      }
    }
  }

  private static final class Endpoint extends NioEndpoint {
    private @Nullable PeerProtocol protocol;

    /** Who is refused here has no wrapper yet, through which the server would close it. */
    @Override
    protected boolean setSocketOptions(SocketChannel channel) {
      if (protocol == null || !protocol.mayCall(channel)) {
        refuse(channel);
        destroySocket(channel);
        return false;
      }
      return super.setSocketOptions(channel);
    }

    /** The answer fits the socket's buffer, so a caller that does not read holds nobody up. */
    private static void refuse(SocketChannel channel) {
      try {
        channel.configureBlocking(false);
        channel.write(ByteBuffer.wrap(REFUSAL));
      } catch (IOException e) {
        log.log(Level.DEBUG, "the caller is gone already", e);
      }
    }

    /** A graceful stop closes twice, and the second time the socket's file is gone already. */
    @Override
    protected void doCloseServerSocket() throws IOException {
      try {
        super.doCloseServerSocket();
      } catch (NoSuchFileException e) {
        log.log(Level.DEBUG, "the socket is gone already", e);
      }
    }
  }
}
