package org.lamina.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares text with a file under {@code src/test/resources/golden}. Run with {@code
 * -Dgolden.write=true} to write the files, and look at the difference before keeping it.
 */
public final class Golden {
  private static final Path DIRECTORY = Path.of("src/test/resources/golden");

  private Golden() {}

  public static void same(String name, String text) {
    Path file = DIRECTORY.resolve(name);
    try {
      if (Boolean.getBoolean("golden.write")) {
        Files.createDirectories(DIRECTORY);
        Files.writeString(file, text);
      }
      assertThat(text).isEqualTo(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
