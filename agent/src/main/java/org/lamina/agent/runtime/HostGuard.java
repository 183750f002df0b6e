package org.lamina.agent.runtime;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.device.DeviceRules;
import org.lamina.agent.device.SettingRules;
import org.lamina.agent.sys.BpfCalls.Hook;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Puts the rules for devices and kernel settings on a container's cgroup. In a user namespace the
 * first are a second wall, as the kernel lets nobody there make a device node, and the others are
 * not needed; a privileged container has no other wall.
 */
final class HostGuard {
  private final Kernel kernel;
  private final Map<Hook, Fd> programs = new EnumMap<>(Hook.class);

  HostGuard(Kernel kernel) {
    this.kernel = kernel;
  }

  void protect(LaunchSpec spec, ContainerCgroup cgroup) {
    Optional<Path> directory = cgroup.unifiedDirectory();
    try {
      if (directory.isPresent()) {
        try (Fd target = kernel.files().open(directory.get().toString(), 0, 0)) {
          kernel.bpf().attach(Hook.DEVICE, target, loaded(Hook.DEVICE));
          if (spec.ids().privileged()) {
            kernel.bpf().attach(Hook.SETTING, target, loaded(Hook.SETTING));
          }
        }
        return;
      }
    } catch (KernelException e) {
      requireNamespace(spec, e);
      return;
    }
    requireNamespace(spec, null);
  }

  private synchronized Fd loaded(Hook hook) {
    Fd fd = programs.get(hook);
    if (fd == null) {
      fd =
          kernel
              .bpf()
              .load(
                  hook,
                  switch (hook) {
                    case DEVICE -> DeviceRules.STANDARD.program();
                    case SETTING -> SettingRules.program();
                  });
      programs.put(hook, fd);
    }
    return fd;
  }

  private static void requireNamespace(LaunchSpec spec, @Nullable KernelException cause) {
    if (spec.ids().privileged()) {
      throw new LaminaException(
          ExitCode.NO_KERNEL_SUPPORT,
          "cannot keep privileged container "
              + spec.ctid()
              + " from the host's devices and settings: "
              + (cause == null ? "no cgroup2 hierarchy is mounted" : cause.getMessage()),
          "Create it without --privileged, or mount cgroup2.",
          cause);
    }
  }
}
