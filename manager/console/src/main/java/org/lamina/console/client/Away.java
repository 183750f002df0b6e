package org.lamina.console.client;

import java.io.IOException;
import java.nio.file.Path;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** A daemon that does not answer, in sentences that say what to do; as the scripted commands do. */
final class Away {
  private Away() {}

  static LaminaException notRunning(Path socket, IOException e) {
    return new LaminaException(
        ExitCode.NO_HOST_CONFIG,
        "laminad is not running: cannot connect to " + socket + ": " + e.getMessage(),
        "Start it with: systemctl start laminad (or run /usr/lib/lamina/laminad as root where there"
            + " is no systemd).",
        e);
  }

  static LaminaException refused(Path socket, IOException e) {
    return new LaminaException(
        ExitCode.PERMISSION_DENIED,
        "laminad refused the connection to " + socket + ": " + e.getMessage(),
        "Be root, or become a member of the group lamina (usermod -aG lamina NAME, then log in"
            + " again).",
        e);
  }

  static LaminaException during(IOException e) {
    return new LaminaException(
        ExitCode.SYSTEM,
        "laminad went away before it had answered: " + e.getMessage(),
        "Containers keep running. What it was doing is shown by: operation list; its log by:"
            + " journalctl -u laminad",
        e);
  }

  static LaminaException strange(int status, String target) {
    return status == 404 || status == 405
        ? new LaminaException(
            ExitCode.SYSTEM,
            "laminad does not know " + target,
            "It is of another release than this console: leave, upgrade, and start lamina again.")
        : new LaminaException(
            ExitCode.SYSTEM,
            "laminad answered with HTTP status " + status + " to " + target,
            "Its log says more: journalctl -u laminad");
  }
}
