package org.lamina.console.client;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The answer to one request; its body is read as it comes. Closing it ends the connection, which is
 * safe from another thread and makes a reader fail.
 *
 * @param status such as 200
 * @param headers by name in lower case
 */
record HttpReply(int status, Map<String, String> headers, InputStream body, Closeable connection)
    implements Closeable {
  private static final int LONGEST_HEAD = 65_536;

  HttpReply {
    headers = Map.copyOf(headers);
  }

  /**
   * Reads status line and headers.
   *
   * @throws IOException if that is not HTTP, or ends early
   */
  static HttpReply read(InputStream in, Closeable connection) throws IOException {
    String statusLine = line(in);
    String[] parts = statusLine.split(" ", 3);
    if (parts.length < 2 || !parts[0].startsWith("HTTP/1.") || !parts[1].matches("[0-9]{3}")) {
      throw new IOException("the answer is not HTTP");
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return new HttpReply(Integer.parseInt(parts[1]), headers, in, connection);
  }

  /**
   * The whole body.
   *
   * @throws IOException if the connection ends before it is complete
   */
  byte[] bytes() throws IOException {
    String length = headers.get("content-length");
    if (length == null) {
      return body.readAllBytes();
    }
    int expected = Integer.parseInt(length);
    byte[] bytes = body.readNBytes(expected);
    if (bytes.length < expected) {
      throw new IOException("the answer ended early");
    }
    return bytes;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 || line.size() > LONGEST_HEAD) {
        throw new IOException(b < 0 ? "the connection was closed" : "the answer is not HTTP");
      }
      line.write(b);
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
