package org.lamina.agent.runtime;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.lamina.agent.seccomp.Capabilities;
import org.lamina.agent.seccomp.SeccompProgram;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.schema.GuestAccess;

/**
 * What every process of a container is started with, init and entered commands alike.
 *
 * @param last highest capability this kernel knows
 * @param seccompFilter puts the system call filter on the calling thread, for what it spawns to
 *     inherit
 */
record Confinement(int last, Runnable seccompFilter) {
  /** The rules of this release, for the capabilities that this kernel knows. */
  static Confinement standard(Kernel kernel) {
    byte[] program = SeccompProgram.CONTAINER.encode();
    return new Confinement(
        lastCapability(kernel), () -> kernel.processes().filterSystemCalls(program));
  }

  /** Argument of {@code setpriv --bounding-set}. */
  String boundingSet(GuestAccess access) {
    return Capabilities.boundingSet(last, access.capabilities());
  }

  /** Numbers of the capabilities outside of it, separated by commas. */
  String dropped(GuestAccess access) {
    return Capabilities.dropped(last, access.capabilities()).stream()
        .map(String::valueOf)
        .collect(Collectors.joining(","));
  }

  private static int lastCapability(Kernel kernel) {
    // One read(2): a number below /proc/sys ends after the first, and java.nio starts with a byte.
    try (Fd file = kernel.files().open("/proc/sys/kernel/cap_last_cap", FileCalls.O_RDONLY, 0)) {
      byte[] number = kernel.files().read(file, 16);
      return Integer.parseInt(new String(number, StandardCharsets.US_ASCII).strip());
    }
  }
}
