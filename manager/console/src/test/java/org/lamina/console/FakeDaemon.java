package org.lamina.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A daemon of a few lines: answers what a test has put there for a method and target, and remembers
 * every request. It speaks over a real Unix socket.
 */
public final class FakeDaemon implements AutoCloseable {
  /** Writes an answer; what it does not write the caller never gets. */
  @FunctionalInterface
  public interface Answer {
    void write(Connection connection) throws Exception;
  }

  private final Path socket;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private ServerSocketChannel server;

  public FakeDaemon(Path directory) throws IOException {
    socket = directory.resolve("lamina.sock");
    server = listen();
  }

  public Path socket() {
    return socket;
  }

  /** {@code METHOD TARGET} and, behind a space, the body of every request so far. */
  public List<String> requests() {
    return requests;
  }

  /** Forgets answers and requests. */
  public void reset() {
    answers.clear();
    requests.clear();
  }

  public FakeDaemon on(String request, Answer answer) {
    answers.put(request, answer);
    return this;
  }

  public FakeDaemon json(String request, String body) {
    return on(request, c -> c.answer(200, "application/json", body));
  }

  public FakeDaemon error(String request, int status, String error, int exitCode, String hint) {
    return on(
        request,
        c ->
            c.answer(
                status,
                "application/json",
                "{\"error\":\"%s\",\"code\":\"X\",\"exitCode\":%d,\"hint\":%s}"
                    .formatted(error, exitCode, hint == null ? "null" : '"' + hint + '"')));
  }

  /** An operation and its whole story. */
  public FakeDaemon operation(
      String request, long id, String state, int exitCode, String... events) {
    String kind = request.startsWith("DELETE") ? "destroy" : request.replaceAll(".*/|\\?.*", "");
    json(request, operationJson(id, kind, "RUNNING", -1));
    String ended = operationJson(id, kind, state, exitCode);
    json("GET /v1/operations/" + id, ended);
    return on(
        "GET /v1/operations/" + id + "/events",
        c ->
            c.answer(
                200,
                "application/x-ndjson",
                String.join("\n", events)
                    + (events.length == 0 ? "" : "\n")
                    + "{\"type\":\"end\",\"operation\":"
                    + ended
                    + "}\n"));
  }

  public static String operationJson(long id, String kind, String state, int exitCode) {
    return ("{\"id\":%d,\"kind\":\"%s\",\"target\":\"101\",\"state\":\"%s\","
            + "\"started\":\"2026-11-20T10:00:00Z\",\"ended\":null,\"percent\":-1,"
            + "\"message\":%s,\"exitCode\":%s}")
        .formatted(
            id,
            kind,
            state,
            state.equals("FAILED") ? "\"it went wrong\"" : "null",
            exitCode < 0 ? "null" : exitCode);
  }

  public static String say(String text) {
    return "{\"type\":\"say\",\"text\":\"" + text + "\"}";
  }

  /** Closes the socket as a daemon that is stopped does. */
  public void stop() throws IOException {
    server.close();
    Files.deleteIfExists(socket);
  }

  public void start() throws IOException {
    server = listen();
  }

  @Override
  public void close() throws IOException {
    stop();
  }

  private ServerSocketChannel listen() throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    listening.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofVirtual()
        .start(() -> {
          while (listening.isOpen()) {
            try {
              SocketChannel channel = listening.accept();
              Thread.ofVirtual().start(() -> serve(channel));
            } catch (IOException e) {
              return;
            }
          }
        });
    return listening;
  }

  private void serve(SocketChannel channel) {
    try (channel) {
      InputStream in = Channels.newInputStream(channel);
      String head = "";
      int length = 0;
      for (String line = line(in); !line.isEmpty(); line = line(in)) {
        head = head.isEmpty() ? line.replaceAll(" HTTP/.*", "") : head;
        if (line.startsWith("Content-Length: ")) {
          length = Integer.parseInt(line.substring(16));
        }
      }
      String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
      requests.add(body.isEmpty() ? head : head + " " + body);
      Answer answer =
          answers.getOrDefault(
              head, c -> c.answer(404, "application/json", "{\"status\":404,\"path\":\"x\"}"));
      answer.write(new Connection(channel));
    } catch (Exception e) {
      // a caller that went away is what some tests are about
    }
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n' && b >= 0; b = in.read()) {
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  /** The way back to the caller. */
  public record Connection(SocketChannel channel) {
    public void answer(int status, String type, String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      raw(
          "HTTP/1.1 %d \r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(status, type, bytes.length));
      raw(body);
    }

    /** An answer that ends with its connection. */
    public void stream(String type) throws IOException {
      raw("HTTP/1.1 200 \r\nContent-Type: " + type + "\r\nConnection: close\r\n\r\n");
    }

    public void raw(String text) throws IOException {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
  }
}
