package org.lamina.templates.patch.debian;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** Excerpts of a real Debian 12 template. */
public final class Samples {
  private Samples() {}

  public static String of(String name) {
    try (InputStream in =
        Objects.requireNonNull(Samples.class.getResourceAsStream("/patch/" + name), name)) {
      return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sample database as it would be with another version of one package. */
  static String status(String name, String version) {
    String all = of("status-debian-12");
    int at = all.indexOf("Package: " + name + "\n");
    int from = all.indexOf("\nVersion: ", at) + 1;
    return all.substring(0, from) + "Version: " + version + all.substring(all.indexOf('\n', from));
  }

  /** The text with the status line of one package replaced. */
  static String state(String all, String name, String status) {
    int at = all.indexOf("Package: " + name + "\n");
    int from = all.indexOf("\nStatus: ", at) + 1;
    return all.substring(0, from) + "Status: " + status + all.substring(all.indexOf('\n', from));
  }

  /** The text without one package. */
  static String without(String all, String name) {
    int at = all.indexOf("Package: " + name + "\n");
    return all.substring(0, at) + all.substring(all.indexOf("\n\n", at) + 2);
  }
}
