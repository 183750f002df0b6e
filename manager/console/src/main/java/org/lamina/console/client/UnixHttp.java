package org.lamina.console.client;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * HTTP/1.0 over a Unix socket, one connection for each request: the simplest form in which a body
 * ends with its connection. Thread safe.
 *
 * <p>Once the daemon has answered, its absence is taken for a restart: connecting is then tried
 * again for a while, which is safe for every request because nothing was sent.
 */
final class UnixHttp {
  private static final int LONGEST_PATH = 107;
  private static final long RETRY_MILLIS = 100;

  private final Path socket;
  private final Duration patience;
  private final Runnable waiting;
  private final AtomicBoolean answered = new AtomicBoolean();

  /**
   * @param patience how long a daemon that had answered may be away
   * @param waiting called once when such a time begins
   */
  UnixHttp(Path socket, Duration patience, Runnable waiting) {
    this.socket = socket;
    this.patience = patience;
    this.waiting = waiting;
  }

  Path socket() {
    return socket;
  }

  /**
   * Sends a request and returns when the answer's head is there; the caller closes it.
   *
   * @throws LaminaException NO_HOST_CONFIG if nobody listens, PERMISSION_DENIED if the caller may
   *     not, SYSTEM if the daemon went away
   */
  HttpReply send(String method, String target, Map<String, String> headers, byte[] body) {
    SocketChannel channel = connect();
    try {
      write(channel, head(method, target, headers, body.length));
      write(channel, ByteBuffer.wrap(body));
      HttpReply reply =
          HttpReply.read(new BufferedInputStream(Channels.newInputStream(channel)), channel);
      answered.set(true);
      return reply;
    } catch (IOException e) {
      closeQuietly(channel);
      throw Away.during(e);
    } catch (RuntimeException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  private static ByteBuffer head(
      String method, String target, Map<String, String> headers, int length) {
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(target).append(" HTTP/1.0\r\nHost: lamina\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(length).append("\r\n\r\n");
    return ByteBuffer.wrap(head.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void write(SocketChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private SocketChannel connect() {
    if (socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      throw new LaminaException(
          ExitCode.BAD_PARAMETER,
          "the socket's path is longer than " + LONGEST_PATH + " bytes: " + socket);
    }
    long deadline = System.nanoTime() + (answered.get() ? patience.toNanos() : 0);
    for (boolean told = false; true; ) {
      try {
        return open();
      } catch (IOException e) {
        if (refused(e)) {
          throw Away.refused(socket, e);
        }
        if (!told && System.nanoTime() < deadline) {
          told = true;
          waiting.run();
        }
        if (System.nanoTime() >= deadline || !pause()) {
          throw Away.notRunning(socket, e);
        }
      }
    }
  }

  private SocketChannel open() throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
      return channel;
    } catch (IOException e) {
      closeQuietly(channel);
      throw e;
    }
  }

  private static boolean refused(IOException e) {
    String message = e.getMessage();
    return message != null && message.toLowerCase(Locale.ROOT).contains("permission denied");
  }

  private static boolean pause() {
    try {
      Thread.sleep(RETRY_MILLIS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void closeQuietly(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // what matters has been said already
    }
  }
}
