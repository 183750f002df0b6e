package org.lamina.manager.cli.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.lamina.manager.cli.Call;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.Program;
import org.lamina.manager.cli.wire.CliRun;
import org.lamina.manager.cli.wire.FrameWriter;
import org.lamina.manager.cli.wire.Sessions;

/** Serves the client's requests with the daemon's own frames and sessions, without a web server. */
final class TestDaemon implements AutoCloseable {
  /** What the daemon does for a command. */
  interface Body {
    int run(Call call) throws Exception;
  }

  /** An answer byte by byte, for what a real daemon never sends. */
  interface Raw {
    void answer(OutputStream out) throws Exception;
  }

  final Path socket;
  final Sessions sessions = new Sessions();
  final List<Integer> signals = new CopyOnWriteArrayList<>();
  final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> open = new CopyOnWriteArrayList<>();
  private final ServerSocketChannel server;
  private final KernelPort port = new KernelPort();
  volatile Body body = call -> 0;
  volatile Raw raw;
  volatile int clientPid;

  TestDaemon(Path directory) throws IOException {
    socket = directory.resolve("s.sock");
    server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    Thread.ofPlatform().daemon().start(this::serve);
  }

  private void serve() {
    try {
      while (true) {
        SocketChannel client = server.accept();
        open.add(client);
        Thread.ofPlatform().daemon().start(() -> talk(client));
      }
    } catch (IOException e) {
      requests.add("closed");
    }
  }

  private void talk(SocketChannel client) {
    try (client;
        InputStream in = Channels.newInputStream(client);
        OutputStream out = Channels.newOutputStream(client)) {
      Map<String, String> headers = new HashMap<>();
      String request = line(in);
      requests.add(request);
      for (String h = line(in); !h.isEmpty(); h = line(in)) {
        int colon = h.indexOf(": ");
        headers.put(h.substring(0, colon).toLowerCase(Locale.ROOT), h.substring(colon + 2));
      }
      byte[] content = in.readNBytes(Integer.parseInt(headers.get("content-length")));
      String path = request.split(" ")[1];
      if (raw != null && !path.startsWith("/v1/sessions/")) {
        raw.answer(out);
        return;
      }
      if (path.startsWith("/v1/sessions/")) {
        String[] parts = path.split("/");
        signals.add(Integer.parseInt(parts[5]));
        sessions.signal(
            parts[3], KernelPort.uidOf(ProcessHandle.current().pid()), signals.getLast());
        out.write("HTTP/1.1 204 \r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return;
      }
      out.write(
          "HTTP/1.1 200 \r\nContent-Type: application/x-lamina-frames\r\nConnection: close\r\n\r\n"
              .getBytes(StandardCharsets.US_ASCII));
      clientPid = Integer.parseInt(headers.get("x-lamina-pid"));
      String name = path.substring("/v1/cli/".length());
      new CliRun(Map.of(name, program(name)), port, sessions)
          .run(
              name,
              content,
              h -> headers.get(h.toLowerCase(Locale.ROOT)),
              KernelPort.uidOf(ProcessHandle.current().pid()),
              new FrameWriter(out));
    } catch (Exception e) {
      requests.add("failed: " + e);
    }
  }

  private Program program(String name) {
    return new Program() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int run(Call call) {
        try {
          return body.run(call);
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }

      @Override
      public List<CommandSpec> commands() {
        return List.of();
      }
    };
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("request is cut");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  /** Goes away as a killed daemon does. */
  void die() throws IOException {
    server.close();
    for (SocketChannel client : open) {
      client.close();
    }
  }

  @Override
  public void close() throws IOException {
    die();
  }
}
