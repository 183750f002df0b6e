package org.lamina.agent.mount;

import static org.lamina.agent.sys.MountCalls.MNT_DETACH;

import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;

/**
 * Puts a mount in the place of another one, without a moment in which neither is seen; by the way
 * this kernel has. Stateless but for the kernel.
 */
public record Replacement(Kernel kernel) {

  /**
   * From Linux 6.5 on the new mount goes beneath the old one, which is detached then. Earlier
   * kernels get it on top: the old one stays, out of reach, until the mount namespace goes. The
   * mount namespaces that follow by propagation see the same either way.
   *
   * @param mount detached; nothing has changed if this fails
   * @param old what is mounted at {@code path} of this thread's namespace
   */
  public void replace(Fd mount, Fd old, String path) {
    try {
      kernel.mounts().attachBeneath(mount, old);
    } catch (KernelException e) {
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
      // An unknown flag is an invalid argument. Were it anything else, this would fail as well.
      kernel.mounts().attach(mount, old);
      return;
    }
    kernel.mounts().unmount(path, MNT_DETACH);
  }
}
