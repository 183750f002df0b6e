package org.lamina.templates.build;

import java.io.IOException;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** Says which failure of a file operation ended a build. Pure. */
public final class BuildFailure {
  private BuildFailure() {}

  /**
   * @param what was tried on which template
   */
  public static LaminaException of(String what, IOException e) {
    String text = e.getMessage() == null ? e.toString() : e.getMessage();
    boolean full = text.contains("No space left on device") || text.contains("quota exceeded");
    return new LaminaException(
        full ? ExitCode.DISK_FULL : ExitCode.TEMPLATE_BUILD_FAILED,
        what + ": " + Printable.shorten(text, 400),
        full ? "Make room on the file system of the template store." : null,
        e);
  }
}
