package org.lamina.manager.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.manager.api.Accounts;
import org.lamina.manager.api.PeerGuard;
import org.lamina.manager.core.CoreOnFakes;
import org.lamina.manager.store.Database;
import org.lamina.manager.store.H2Backup;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole daemon on its socket, with a runtime that only pretends. */
class DaemonOnASocketTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir static Path dir;
  private static ConfigurableApplicationContext context;
  private static CoreOnFakes fakes;
  private static Database database;
  private static Path socket;
  private static final SwitchedGuard ACCOUNTS = new SwitchedGuard();

  /** Lets nobody but root in, and at times not even the user of this test. */
  private static final class SwitchedGuard extends Accounts {
    @Override
    public boolean isMember(String user, String group) {
      return true;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    database = Database.open(dir.resolve("db"));
    fakes = new CoreOnFakes(dir);
    socket = fakes.config().socket();
    String ownGroup = Files.readAttributes(dir, PosixFileAttributes.class).group().getName();
    Daemon daemon =
        new Daemon(
            fakes.config(),
            fakes.core(),
            new H2Backup(database),
            new StartReport("1.2.3", List.of()),
            new PeerGuard(ownGroup, ACCOUNTS),
            null,
            () -> {},
            database);
    context = LaminadApplication.run(List.of(), () -> daemon);
  }

  @AfterAll
  static void stop() {
    context.close();
    assertThat(socket).as("the socket goes with the daemon").doesNotExist();
    fakes.close();
  }

  private record Answer(int status, String headers, String body) {
    JsonNode json() {
      return JSON.readTree(body);
    }
  }

  private static Answer call(String method, String path, String body) throws Exception {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      byte[] content = body.getBytes(StandardCharsets.UTF_8);
      String head =
          method
              + " "
              + path
              + " HTTP/1.0\r\nHost: lamina\r\nContent-Type: application/json\r\n"
              + "Content-Length: "
              + content.length
              + "\r\n\r\n";
      channel.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
      channel.write(ByteBuffer.wrap(content));
      String text =
          new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
      int end = text.indexOf("\r\n\r\n");
      return new Answer(
          Integer.parseInt(text.substring(9, 12)), text.substring(0, end), text.substring(end + 4));
    }
  }

  /** Submits, follows to the end, and gives the last event's operation. */
  private static JsonNode run(String method, String path, String body) throws Exception {
    Answer accepted = call(method, path, body);
    assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
    String events =
        call("GET", "/v1/operations/" + accepted.json().get("id").asLong() + "/events", "").body();
    JsonNode last = JSON.readTree(events.strip().lines().toList().getLast());
    assertThat(last.get("type").asString()).isEqualTo("end");
    return last.get("operation");
  }

  @Test
  void socket_isForRootAndTheGroup_andThereIsNoTcpPort() throws Exception {
    assertThat(Files.getPosixFilePermissions(socket))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw----"));
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      assertThat(listeningInodes(table)).doesNotContainAnyElementsOf(ownSockets());
    }
  }

  private static List<String> listeningInodes(String table) throws Exception {
    return Files.readAllLines(Path.of(table)).stream()
        .map(l -> l.strip().split("\\s+"))
        .filter(f -> f.length > 9 && f[3].equals("0A"))
        .map(f -> f[9])
        .toList();
  }

  private static List<String> ownSockets() throws Exception {
    try (var fds = Files.list(Path.of("/proc/self/fd"))) {
      return fds.flatMap(
              fd -> {
                try {
                  String target = Files.readSymbolicLink(fd).toString();
                  return target.startsWith("socket:[")
                      ? Stream.of(target.substring(8, target.length() - 1))
                      : Stream.empty();
                } catch (IOException e) {
                  return Stream.empty();
                }
              })
          .toList();
    }
  }

  @Test
  void containers_liveAndDieOverTheApi() throws Exception {
    JsonNode created =
        run(
            "POST",
            "/v1/containers",
            "{\"ctid\":101,\"template\":\"debian-12\",\"hostname\":\"web1\",\"name\":\"web\"}");
    assertThat(created.get("state").asString()).as(created.toString()).isEqualTo("DONE");

    JsonNode one = call("GET", "/v1/containers/web", "").json();
    assertThat(one.get("ctid").asInt()).isEqualTo(101);
    assertThat(one.get("status").asString()).isEqualTo("stopped");
    assertThat(one.get("created").asString()).matches("20.*T.*Z");

    assertThat(run("POST", "/v1/containers/101/start?waitSeconds=5", "").get("exitCode").asInt())
        .isZero();
    assertThat(
            run(
                    "PATCH",
                    "/v1/containers/101?save=true",
                    "{\"limits\":{\"ram\":536870912,\"swap\":-1,\"cpuPercent\":50},\"onboot\":true}")
                .get("exitCode")
                .asInt())
        .isZero();
    JsonNode running = call("GET", "/v1/containers", "").json().get(0);
    assertThat(running.get("status").asString()).isEqualTo("running");
    assertThat(running.get("limits").get("ram").asLong()).isEqualTo(536_870_912);
    assertThat(running.get("limits").get("swap").asLong()).isEqualTo(-1);
    assertThat(running.get("usage").get("processes").asInt()).isEqualTo(7);
    assertThat(call("GET", "/v1/host", "").json().get("running").asInt()).isEqualTo(1);

    JsonNode refused = run("DELETE", "/v1/containers/101", "");
    assertThat(refused.get("state").asString()).isEqualTo("FAILED");
    assertThat(refused.get("exitCode").asInt()).isEqualTo(32);
    assertThat(run("POST", "/v1/containers/101/stop", "").get("exitCode").asInt()).isZero();
    assertThat(run("DELETE", "/v1/containers/101", "").get("exitCode").asInt()).isZero();
    assertThat(call("GET", "/v1/containers", "").body()).isEqualTo("[]");
    assertThat(call("GET", "/v1/operations?limit=2", "").json().size()).isEqualTo(2);
  }

  @Test
  void labelsAndEvents_areInTheApi() throws Exception {
    try (SocketChannel reader = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      reader.connect(UnixDomainSocketAddress.of(socket));
      reader.write(
          ByteBuffer.wrap(
              "GET /v1/events HTTP/1.0\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(Channels.newInputStream(reader), StandardCharsets.UTF_8));
      // the head comes when following has begun
      assertThat(lines.readLine()).contains("200");
      String body = "{\"ctid\":110,\"template\":\"debian-12\"}";
      assertThat(run("POST", "/v1/containers", body).get("exitCode").asInt()).isZero();
      String label = "{\"labels\":{\"env\":\"prod\",\"gone\":\"\"}}";
      assertThat(run("PATCH", "/v1/containers/110?save=true", label).get("exitCode").asInt())
          .isZero();
      assertThat(call("GET", "/v1/containers/110", "").json().get("labels").toString())
          .isEqualTo("{\"env\":\"prod\"}");
      String bad = "{\"labels\":{\"no good\":\"x\"}}";
      assertThat(run("PATCH", "/v1/containers/110?save=true", bad).get("exitCode").asInt())
          .isEqualTo(21);
      assertThat(run("DELETE", "/v1/containers/110", "").get("exitCode").asInt()).isZero();
      List<String> heard = new ArrayList<>();
      for (String line = lines.readLine();
          line != null && !heard.contains("container-destroyed 110");
          line = lines.readLine()) {
        if (line.startsWith("{")) {
          JsonNode event = JSON.readTree(line);
          heard.add(event.get("type").asString() + " " + event.get("target").asString());
        }
      }
      assertThat(heard)
          .containsSubsequence(
              "operation-begun 110",
              "container-created 110",
              "operation-ended 110",
              "container-changed 110",
              "container-destroyed 110");
    }
    JsonNode usage = call("GET", "/v1/host/usage", "").json();
    assertThat(usage.get(0).get("resource").asString()).isEqualTo("memory");
    assertThat(usage.get(0).get("host").asLong()).isPositive();
  }

  @Test
  void errors_haveOneShapeAndTheRightStatus() throws Exception {
    Answer unknown = call("GET", "/v1/containers/999", "");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().get("code").asString()).isEqualTo("NO_CONTAINER_CONFIG");
    assertThat(unknown.json().get("exitCode").asInt()).isEqualTo(14);
    assertThat(unknown.json().get("error").asString()).isEqualTo("Container 999 does not exist");

    assertThat(call("GET", "/v1/containers/nobody", "").status()).isEqualTo(400);
    assertThat(call("POST", "/v1/containers", "{\"ctid\":5}").status()).isEqualTo(400);
    Answer broken = call("POST", "/v1/containers", "{\"ctid\":");
    assertThat(broken.status()).isEqualTo(400);
    assertThat(broken.json().get("exitCode").asInt()).isEqualTo(21);
    Answer nowhere = call("GET", "/v1/nowhere", "");
    assertThat(nowhere.status()).isEqualTo(404);
    assertThat(nowhere.json().get("error").asString()).isNotEmpty();
    assertThat(call("PUT", "/v1/containers", "").status()).isEqualTo(405);
    assertThat(call("POST", "/v1/operations/4711/cancel", "").status()).isEqualTo(400);
    assertThat(call("GET", "/v1/templates/..%2Fx", "").status()).isIn(400, 404);
  }

  @Test
  void templates_areBuiltAndRemovedOverTheApi() throws Exception {
    assertThat(call("GET", "/v1/templates", "").json().get(0).get("name").asString())
        .isEqualTo("debian-12");
    String address = "/v1/templates/debian-12";
    for (String body : List.of("{\"mirror\":\"ssh://x/\"}", "{\"keys\":[\"relative\"]}")) {
      Answer bad = call("POST", address, body);
      assertThat(bad.status()).as(body).isEqualTo(400);
      assertThat(bad.json().get("error").asString()).contains("bad ");
    }
    run("POST", "/v1/containers", "{\"ctid\":150,\"template\":\"debian-12\"}");
    JsonNode refused = run("DELETE", "/v1/templates/debian-12", "");
    assertThat(refused.get("exitCode").asInt()).isEqualTo(95);
    assertThat(call("GET", "/v1/templates/debian-12", "").json().get("usedBy").get(0).asInt())
        .isEqualTo(150);
    run("DELETE", "/v1/containers/150", "");
  }

  @Test
  void host_tellsItsVersion_andWritesNoFileThatACallerNames() throws Exception {
    assertThat(call("GET", "/v1/host", "").json().get("version").asString()).isEqualTo("1.2.3");
    Path target = dir.resolve("backup.zip");
    assertThat(call("POST", "/v1/host/backup", "{\"path\":\"" + target + "\"}").status())
        .isEqualTo(404);
    assertThat(target).doesNotExist();
  }

  @Test
  void secondDaemon_isRefused() {
    assertThatThrownBy(() -> DaemonLock.take(fakes.config().runDir(), socket))
        .hasMessageContaining("another laminad");
    assertThat(socket).exists();
  }
}
