package org.lamina.templates.debian;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.templates.build.HelperProcess;
import org.lamina.templates.build.Resource;

/** Texts that ship with this package, and answers of short programs. Stateless. */
final class Scripts {
  private Scripts() {}

  /** The text of a resource. */
  static String text(String name) {
    return Resource.text(Scripts.class, name);
  }

  /**
   * What a program of the host prints.
   *
   * @throws IOException if it cannot be started or fails
   */
  static String output(List<String> argv, Map<String, String> environment, Path directory)
      throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    int status = HelperProcess.run(argv, environment, directory, lines::add);
    if (status != 0) {
      throw new IOException(String.join(" ", argv) + " ended with status " + status);
    }
    return String.join("\n", lines);
  }
}
