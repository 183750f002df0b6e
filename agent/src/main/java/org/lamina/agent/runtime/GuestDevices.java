package org.lamina.agent.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import org.lamina.agent.device.HostDevice;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.DeviceNode;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Device nodes in the {@code /dev} of a container, which is a tmpfs that the host made, so that the
 * host's root can make nodes there that work, and nobody inside can. They belong to the container's
 * root. Should the inside have mounted a file system of its own in that place, its nodes do not
 * work, and that is its own doing. No link is followed.
 *
 * @param owner host id of root inside
 */
record GuestDevices(Kernel kernel, int owner) {
  /** Makes a node, or leaves the same one that is there. */
  void make(Fd root, DeviceNode node) {
    HostDevice device = HostDevice.of(kernel, node);
    try (Fd parent = parent(root, node, true)) {
      String name = lastName(node);
      try {
        kernel.files().makeNode(parent, name, device.mode(), device.device());
      } catch (KernelException e) {
        if (!e.is(Errno.EEXIST)) {
          throw e;
        }
        requireSame(parent, name, node, device);
      }
      kernel.files().chownAt(parent, name, owner, owner);
      permit(parent, name, device.mode());
    } catch (KernelException e) {
      throw failed(node, e);
    }
  }

  /** Removes a node; does nothing if it is not there or something else is. */
  void remove(Fd root, DeviceNode node) {
    try (Fd parent = parent(root, node, false);
        Fd there = kernel.files().locate(parent, lastName(node), FileCalls.RESOLVE_STRICT)) {
      FileCalls.Stat stat = kernel.files().stat(there);
      if (stat.isCharacterDevice() || stat.isBlockDevice()) {
        kernel.files().unlink(parent, lastName(node));
      }
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT) && !e.is(Errno.ELOOP) && !e.is(Errno.ENOTDIR)) {
        throw failed(node, e);
      }
    }
  }

  private Fd parent(Fd root, DeviceNode node, boolean make) {
    Fd at = kernel.files().locate(root, "dev", FileCalls.RESOLVE_STRICT);
    String[] names = node.name().split("/");
    for (int i = 0; i < names.length - 1; i++) {
      try (Fd above = at) {
        if (make) {
          directory(above, names[i]);
        }
        at = kernel.files().locate(above, names[i], FileCalls.RESOLVE_STRICT);
      }
    }
    return at;
  }

  private void directory(Fd above, String name) {
    try {
      kernel.files().makeDirectory(above, name, 0755);
      kernel.files().chownAt(above, name, owner, owner);
    } catch (KernelException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    }
  }

  private void requireSame(Fd parent, String name, DeviceNode node, HostDevice device) {
    try (Fd there = kernel.files().locate(parent, name, FileCalls.RESOLVE_STRICT)) {
      FileCalls.Stat stat = kernel.files().stat(there);
      if ((stat.isCharacterDevice() || stat.isBlockDevice()) && stat.rdev() == device.device()) {
        return;
      }
    }
    throw new LaminaException(
        ExitCode.DEVICE_FAILED,
        "cannot make /dev/" + node.name() + " inside: something else has that name",
        "Remove it inside first.");
  }

  /** The umask of this program does not count. */
  private void permit(Fd parent, String name, int mode) {
    Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
    PosixFilePermission[] all = PosixFilePermission.values();
    for (int i = 0; i < all.length; i++) {
      if ((mode & 0400 >> i) != 0) {
        permissions.add(all[i]);
      }
    }
    try (Fd there = kernel.files().locate(parent, name, FileCalls.RESOLVE_STRICT)) {
      Files.setPosixFilePermissions(Path.of(there.procPath()), permissions);
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.DEVICE_FAILED,
          "cannot set the mode of " + name + ": " + e.getMessage(),
          null,
          e);
    }
  }

  private static String lastName(DeviceNode node) {
    return node.name().substring(node.name().lastIndexOf('/') + 1);
  }

  private static LaminaException failed(DeviceNode node, KernelException e) {
    return new LaminaException(
        ExitCode.DEVICE_FAILED,
        "cannot make or remove /dev/" + node.name() + " inside: " + e.getMessage(),
        null,
        e);
  }
}
