package org.lamina.agent.device;

import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.DeviceNode;
import org.lamina.schema.DeviceRule;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * A device node of the host.
 *
 * @param mode type and permissions as in struct stat
 * @param device its number as in struct stat
 */
public record HostDevice(int mode, long device) {
  /**
   * @throws LaminaException DEVICE_FAILED if the host has no such device
   */
  public static HostDevice of(Kernel kernel, DeviceNode node) {
    try (Fd dev = kernel.files().openDirectory("/dev");
        Fd fd =
            kernel
                .files()
                .openBeneath(
                    dev,
                    node.name(),
                    FileCalls.O_PATH,
                    0,
                    FileCalls.RESOLVE_BENEATH | FileCalls.RESOLVE_NO_MAGICLINKS)) {
      FileCalls.Stat stat = kernel.files().stat(fd);
      if (!stat.isCharacterDevice() && !stat.isBlockDevice()) {
        throw missing(node, "it is no device", null);
      }
      return new HostDevice(stat.mode(), stat.rdev());
    } catch (KernelException e) {
      throw missing(node, e.is(Errno.ENOENT) ? "the host has none" : e.getMessage(), e);
    }
  }

  private static LaminaException missing(
      DeviceNode node,
      @org.jspecify.annotations.Nullable String why,
      @org.jspecify.annotations.Nullable Throwable cause) {
    return new LaminaException(
        ExitCode.DEVICE_FAILED,
        "cannot give the device /dev/" + node.name() + ": " + why,
        "Is the module of its driver loaded?",
        cause);
  }

  /** The rule that lets the node be opened as it says. */
  public DeviceRule rule(DeviceNode node) {
    return new DeviceRule(
        (mode & 0170000) == 0060000, major(device), minor(device), node.read(), node.write());
  }

  /** As gnu_dev_major(3). */
  static int major(long device) {
    return (int) ((device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL));
  }

  /** As gnu_dev_minor(3). */
  static int minor(long device) {
    return (int) ((device & 0xff) | (device >>> 12 & ~0xffL));
  }
}
