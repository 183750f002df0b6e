package org.lamina.console.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the daemon tells, line by line as it happens. {@link #close} may be called by another thread
 * to end a {@link #next} that waits.
 */
public final class EventStream<T> implements AutoCloseable {
  private final HttpReply reply;
  private final BufferedReader lines;
  private final JsonMapper json;
  private final Class<T> type;

  EventStream(HttpReply reply, JsonMapper json, Class<T> type) {
    this.reply = reply;
    this.lines = new BufferedReader(new InputStreamReader(reply.body(), StandardCharsets.UTF_8));
    this.json = json;
    this.type = type;
  }

  /** The next event, or empty when the daemon went away or the stream was closed. */
  public Optional<T> next() {
    try {
      String line = lines.readLine();
      while (line != null && line.isEmpty()) {
        // an empty line is how the daemon asks whether somebody still reads
        line = lines.readLine();
      }
      return line == null ? Optional.empty() : Optional.of(json.readValue(line, type));
    } catch (IOException | JacksonException e) {
      // half a line is what a connection that was cut leaves
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    try {
      reply.close();
    } catch (IOException e) {
      // nothing is lost with a connection that was to be closed
    }
  }
}
