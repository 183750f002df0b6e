package org.lamina.templates.patch.rpm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A generation's own rpm, which alone knows the format of its database. Works on copies, and on
 * what a container made only where that can do no harm. Thread safe.
 */
public interface RpmTool {
  /** An empty directory for the files of one question; the caller removes it. */
  Path workplace() throws IOException;

  /**
   * Tells what a database consists of.
   *
   * @param work has the files of the database in its directory {@code database}, and gets {@code
   *     headers}
   * @return what packages of it lack, as {@link #build} tells it
   * @throws IOException if it cannot be read, with what rpm says
   */
  List<Lack> read(Path work) throws IOException;

  /** As {@link #read}, of the generation's own database. */
  List<Lack> readOwn(Path work) throws IOException;

  /**
   * Makes a database.
   *
   * @param work has the list of headers in {@code headers}, and gets the files of the database in
   *     its directory {@code made}
   * @return needs that are not met and conflicts, as rpm sees them
   */
  List<Lack> build(Path work) throws IOException;

  /**
   * A package whose needs are not met.
   *
   * @param nevra name, version and architecture
   * @param what rpm's words
   */
  record Lack(String nevra, String what) {}
}
