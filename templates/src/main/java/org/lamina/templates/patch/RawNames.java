package org.lamina.templates.patch;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import org.lamina.templates.tree.PathText;

/**
 * File names as bytes, carried in text of one character per byte, because names of files need not
 * be text and a {@link Path}'s text depends on the locale of the daemon. Pure.
 */
final class RawNames {
  private RawNames() {}

  /** The raw name of one directory entry. */
  static String of(Path name) {
    String text = name.toString();
    return isAscii(text)
        ? text
        : new String(lastOf(PathText.bytes(name)), StandardCharsets.ISO_8859_1);
  }

  /** The path as manifests write it, without the leading slash. */
  static String text(String raw) {
    return isAscii(raw) ? raw : PathText.of(raw.getBytes(StandardCharsets.ISO_8859_1));
  }

  static byte[] bytes(Path path) {
    String text = path.toString();
    return isAscii(text) && path.isAbsolute()
        ? text.getBytes(StandardCharsets.US_ASCII)
        : PathText.bytes(path);
  }

  /**
   * The bytes of a manifest's path.
   *
   * @param escaped whether the manifest says that it is escaped
   */
  static byte[] bytes(String path, boolean escaped) {
    if (!escaped) {
      return path.getBytes(StandardCharsets.UTF_8);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(path.length());
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '%') {
        out.write(Integer.parseInt(path.substring(i + 1, i + 3).toLowerCase(Locale.ROOT), 16));
        i += 2;
      } else {
        out.write(path.charAt(i));
      }
    }
    return out.toByteArray();
  }

  /** A path below a directory, whatever the daemon's locale can write. */
  static Path resolve(Path root, String path) {
    return isAscii(path)
        ? root.resolve(path)
        : root.resolve(relative(path.getBytes(StandardCharsets.UTF_8)));
  }

  /** A relative path of these very bytes, or an absolute one if they begin with a slash. */
  static Path of(byte[] bytes) {
    String raw = new String(bytes, StandardCharsets.ISO_8859_1);
    if (isAscii(raw)) {
      return Path.of(raw);
    }
    return raw.startsWith("/") ? absolute(bytes) : relative(bytes);
  }

  private static Path relative(byte[] bytes) {
    Path absolute = absolute(bytes);
    return absolute.subpath(0, absolute.getNameCount());
  }

  private static Path absolute(byte[] bytes) {
    StringBuilder uri = new StringBuilder("file:///");
    for (byte b : bytes) {
      uri.append(b == '/' ? "/" : String.format(Locale.ROOT, "%%%02X", b));
    }
    return Path.of(URI.create(uri.toString()));
  }

  private static byte[] lastOf(byte[] path) {
    int at = path.length;
    while (at > 0 && path[at - 1] != '/') {
      at--;
    }
    return java.util.Arrays.copyOfRange(path, at, path.length);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
