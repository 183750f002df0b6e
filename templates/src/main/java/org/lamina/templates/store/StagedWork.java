package org.lamina.templates.store;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** Long work in a staging directory under the lock of a template. Thread safe. */
final class StagedWork {
  /** The work itself; what it leaves in its directory is removed. */
  interface Work<T> {
    T run(Path staged) throws IOException, InterruptedException;
  }

  private final StoreLayout layout;

  StagedWork(StoreLayout layout) {
    this.layout = layout;
  }

  /**
   * Runs it. An interrupt of the thread ends the work; the interrupt status is then set again.
   *
   * @param verb {@code build} or {@code update}
   * @throws LaminaException LOCKED, TEMPLATE_BUILD_FAILED, DISK_FULL, or that of the work
   */
  <T> T run(String name, String verb, Work<T> work) {
    String what = "cannot " + verb + " template " + name;
    boolean interrupted = false;
    try {
      layout.prepare();
      String doing = verb.equals("build") ? "being built" : "being updated";
      try (TemplateLock _ = TemplateLock.acquire(layout.locks(), name, doing)) {
        Path staged = Staging.create(layout, name);
        try {
          return work.run(staged);
        } catch (InterruptedException | ClosedByInterruptException e) {
          interrupted = true;
          throw new LaminaException(
              ExitCode.TEMPLATE_BUILD_FAILED,
              what + ": it was interrupted",
              "Nothing is left of it; start it again when you want.",
              e);
        } finally {
          // Files cannot be worked on while the thread counts as interrupted.
          interrupted |= Thread.interrupted();
          Staging.discard(staged);
        }
      }
    } catch (IOException e) {
      throw failed(what, ExitCode.TEMPLATE_BUILD_FAILED, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static LaminaException missing(String name) {
    return new LaminaException(
        ExitCode.TEMPLATE_NOT_FOUND, "there is no template " + Printable.shorten(name, 80));
  }

  /**
   * @param code unless the disk is full
   */
  static LaminaException failed(String what, ExitCode code, IOException e) {
    String text = e.getMessage() == null ? e.toString() : e.getMessage();
    boolean full = text.contains("No space left on device") || text.contains("quota exceeded");
    return new LaminaException(
        full ? ExitCode.DISK_FULL : code,
        what + ": " + Printable.shorten(text, 400),
        full ? "Make room on the file system of the template store." : null,
        e);
  }
}
