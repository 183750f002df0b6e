package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** The daemon's JSON API without a client program in between. */
final class Api {
  private Api() {}

  /** The body of an answer, which has to be a 200. */
  static String get(LaminaHost host, String path) {
    return ask(host, "GET " + path + " HTTP/1.0\r\nHost: lamina\r\n\r\n", " 200 ");
  }

  /** The body of an answer to JSON, which has to be a 202. */
  static String post(LaminaHost host, String path, String json) {
    String head =
        "POST %s HTTP/1.0\r\nHost: lamina\r\nContent-Type: application/json\r\n".formatted(path)
            + "Content-Length: %d\r\n\r\n".formatted(json.getBytes(StandardCharsets.UTF_8).length);
    return ask(host, head + json, " 202 ");
  }

  private static String ask(LaminaHost host, String request, String status) {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(host.socket()));
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
      String answer =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).contains(status);
      return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
