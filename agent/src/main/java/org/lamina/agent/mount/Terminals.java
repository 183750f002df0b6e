package org.lamina.agent.mount;

import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** How many terminals the devpts instance that a container was started with hands out. */
public record Terminals(Kernel kernel) {
  /**
   * @param root the container's root directory
   * @param console master of its console, which is a terminal of that instance
   * @param owner host id of root inside
   * @param most null for any number
   */
  public void limit(Fd root, Fd console, int owner, @Nullable Long most) {
    try (Fd pts = kernel.files().locate(root, "dev/pts", FileCalls.RESOLVE_STRICT)) {
      // The inside may have put another file system in that place.
      if (kernel.files().stat(pts).device() != kernel.files().stat(console).device()) {
        throw covered(null);
      }
      kernel.mounts().reconfigure(pts, ApiFileSystems.devpts(owner, most));
    } catch (KernelException e) {
      throw e.is(Errno.ENOENT) || e.is(Errno.ELOOP) ? covered(e) : e;
    }
  }

  private static LaminaException covered(@Nullable KernelException cause) {
    return new LaminaException(
        ExitCode.UBC_FAILED,
        "cannot set --numpty: /dev/pts inside is not the one the container was started with",
        "Restart the container, or leave --numpty out.",
        cause);
  }
}
