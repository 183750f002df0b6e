package org.lamina.manager.cli.lamina;

import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the documentation from wherever the tests run. */
final class Docs {
  private Docs() {}

  /** The directory of the whole project. */
  static Path top() {
    Path here = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(here.resolve("packaging"))) {
      here = here.getParent();
    }
    return here;
  }
}
