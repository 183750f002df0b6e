package org.lamina.console.client;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The daemon's API. Thread safe. Every method throws LaminaException, with the daemon's own code
 * and sentence where it gave one.
 */
public final class Daemon {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();
  private static final Map<String, String> NO_HEADERS = Map.of();
  private static final Map<String, String> WITH_JSON = Map.of("Content-Type", "application/json");
  private static final Duration RESTART = Duration.ofSeconds(10);
  private static final byte[] EMPTY = new byte[0];

  private final UnixHttp http;

  /**
   * One that takes a daemon that was there and is away for one that is restarted.
   *
   * @param waiting called when the wait for it begins
   */
  public Daemon(Path socket, Runnable waiting) {
    this(socket, RESTART, waiting);
  }

  /**
   * @param patience how long a daemon that had answered may be away
   */
  public Daemon(Path socket, Duration patience, Runnable waiting) {
    this.http = new UnixHttp(socket, patience, waiting);
  }

  /** One that never waits. */
  public static Daemon impatient(Path socket) {
    return new Daemon(socket, Duration.ZERO, () -> {});
  }

  public Path socket() {
    return http.socket();
  }

  /** All containers by id. */
  public List<ContainerInfo> containers() {
    return list(get("/v1/containers"), ContainerInfo.class);
  }

  /** Of all that run, by id. */
  public List<Counters> counters() {
    return list(get("/v1/statistics"), Counters.class);
  }

  public List<TemplateInfo> templates() {
    return list(get("/v1/templates"), TemplateInfo.class);
  }

  /** The newest first. */
  public List<OperationInfo> operations(int most) {
    return list(get("/v1/operations?limit=" + most), OperationInfo.class);
  }

  public OperationInfo operation(long id) {
    return read(get("/v1/operations/" + id), OperationInfo.class);
  }

  public HostInfo host() {
    return read(get("/v1/host"), HostInfo.class);
  }

  /** Asks for a resource; the path and query are ready for the wire. */
  public JsonNode get(String target) {
    return call("GET", target, NO_HEADERS, EMPTY);
  }

  /** Asks for work, which the answer names. */
  public OperationInfo submit(String method, String target) {
    return read(call(method, target, NO_HEADERS, EMPTY), OperationInfo.class);
  }

  /** Asks for work with a body. */
  public OperationInfo submit(String method, String target, Object body) {
    byte[] bytes = JSON.writeValueAsBytes(body);
    return read(call(method, target, WITH_JSON, bytes), OperationInfo.class);
  }

  /** Asks a running operation to end. */
  public OperationInfo cancel(long id) {
    return submit("POST", "/v1/operations/" + id + "/cancel");
  }

  /** What an operation said and says; the caller closes it. */
  public EventStream<OperationEvent> events(long id) {
    return stream("/v1/operations/" + id + "/events", OperationEvent.class);
  }

  /** What happens on the host from now on; the caller closes it. */
  public EventStream<JsonNode> hostEvents() {
    return stream("/v1/events", JsonNode.class);
  }

  private <T> EventStream<T> stream(String target, Class<T> type) {
    HttpReply reply = http.send("GET", target, NO_HEADERS, EMPTY);
    if (reply.status() != 200) {
      throw failure(reply, target);
    }
    return new EventStream<>(reply, JSON, type);
  }

  /** The scripted commands' own door. */
  public Scripted scripted() {
    return new Scripted(http);
  }

  public <T> T read(JsonNode node, Class<T> type) {
    try {
      return JSON.treeToValue(node, type);
    } catch (JacksonException e) {
      throw otherRelease(e);
    }
  }

  public <T> List<T> list(JsonNode node, Class<T> element) {
    return node.valueStream().map(n -> read(n, element)).toList();
  }

  /** Indented JSON for people and programs. */
  public static String print(JsonNode node) {
    return node.isArray() && node.isEmpty() ? "[]" : JSON.writeValueAsString(node);
  }

  /** A word as part of a path. */
  public static String segment(String word) {
    return URLEncoder.encode(word, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private JsonNode call(String method, String target, Map<String, String> headers, byte[] body) {
    try (HttpReply reply = http.send(method, target, headers, body)) {
      if (reply.status() / 100 != 2) {
        throw failure(reply, target);
      }
      byte[] bytes = reply.bytes();
      return bytes.length == 0 ? JSON.nullNode() : JSON.readTree(bytes);
    } catch (IOException e) {
      throw Away.during(e);
    } catch (JacksonException e) {
      throw otherRelease(e);
    }
  }

  static LaminaException failure(HttpReply reply, String target) {
    try (reply) {
      JsonNode error = JSON.readTree(reply.bytes());
      // a bad address, rather than something that is not there
      boolean unknown = reply.status() == 404 || reply.status() == 405;
      int number = error.path("exitCode").asInt(ExitCode.SYSTEM.code());
      if (error.path("error").isString() && !(unknown && number == ExitCode.USAGE.code())) {
        JsonNode hint = error.path("hint");
        return new LaminaException(
            code(number),
            Printable.shorten(error.path("error").asString(), 2000),
            hint.isString() ? Printable.shorten(hint.asString(), 2000) : null);
      }
    } catch (IOException | JacksonException e) {
      // an answer that is not the API's own tells no more than its status
    }
    return Away.strange(reply.status(), target);
  }

  /** The row of the table with this number; SYSTEM for one that this release does not know. */
  public static ExitCode code(int number) {
    return Arrays.stream(ExitCode.values())
        .filter(c -> c.code() == number)
        .findFirst()
        .orElse(ExitCode.SYSTEM);
  }

  private static LaminaException otherRelease(JacksonException e) {
    return new LaminaException(
        ExitCode.SYSTEM,
        "laminad answered with something this console cannot read: "
            + Printable.shorten(e.getOriginalMessage(), 200),
        "They are of different releases: leave and start lamina again.",
        e);
  }
}
