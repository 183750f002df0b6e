package org.lamina.templates.tree;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Objects;

/** What an object in a layer means to the layers below it. */
enum LayerMark {
  /** Hides the path. */
  WHITEOUT,
  /** Merges with directories below. */
  DIRECTORY,
  /** Hides what directories below hold. */
  OPAQUE,
  /** Replaces whatever is below. */
  OTHER;

  private static final String PREFIX = "trusted.overlay.";
  private static final String OPAQUE_MARK = PREFIX + "opaque";
  private static final String YES =
      Base64.getEncoder().encodeToString("y".getBytes(StandardCharsets.US_ASCII));

  /**
   * @throws java.nio.file.NoSuchFileException if there is nothing
   */
  static LayerMark of(Path path) throws IOException {
    Map<String, Object> attributes =
        Files.readAttributes(path, "unix:mode,rdev", LinkOption.NOFOLLOW_LINKS);
    int type = (Integer) Objects.requireNonNull(attributes.get("mode")) >> 12 & 017;
    if (type == 002 && Objects.equals(attributes.get("rdev"), 0L)) {
      return WHITEOUT;
    }
    if (type != 004) {
      return OTHER;
    }
    return YES.equals(NativeFiles.attributes(PathText.bytes(path)).get(OPAQUE_MARK))
        ? OPAQUE
        : DIRECTORY;
  }

  /** Whether an extended attribute belongs to the kernel's overlay and not to the file. */
  static boolean isInternal(String attribute) {
    return attribute.startsWith(PREFIX);
  }

  /**
   * Takes away what the kernel noted for the mount that made the layer (where a copy came from),
   * and leaves what the layer says about those below.
   *
   * @throws IOException also if the layer depends on the stack it was made on
   */
  static void forget(Path path) throws IOException {
    byte[] bytes = PathText.bytes(path);
    for (Map.Entry<String, String> entry : NativeFiles.attributes(bytes).entrySet()) {
      String name = entry.getKey();
      if (!isInternal(name) || (name.equals(OPAQUE_MARK) && entry.getValue().equals(YES))) {
        continue;
      }
      if (name.equals(PREFIX + "redirect") || name.equals(PREFIX + "metacopy")) {
        throw new IOException(path + " has " + name + ", so it is bound to other layers");
      }
      NativeFiles.removeAttribute(bytes, name);
    }
  }

  /** Lets a directory hide what is below it. */
  static void cover(Path directory) throws IOException {
    NativeFiles.setAttribute(
        PathText.bytes(directory), OPAQUE_MARK, "y".getBytes(StandardCharsets.US_ASCII));
  }

  /** Lets an opaque directory merge with what is below it. */
  static void uncover(Path directory) throws IOException {
    NativeFiles.removeAttribute(PathText.bytes(directory), OPAQUE_MARK);
  }
}
