package org.lamina.agent.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.cgroup.ContainerCgroup;
import org.lamina.agent.device.DeviceRules;
import org.lamina.agent.device.HostDevice;
import org.lamina.agent.device.SettingRules;
import org.lamina.agent.sys.BpfCalls.Hook;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.DeviceRule;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAccess;
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
    List<DeviceRule> more = devices(kernel, spec.access());
    Optional<Path> directory = cgroup.unifiedDirectory();
    try {
      if (directory.isPresent()) {
        try (Fd target = kernel.files().open(directory.get().toString(), 0, 0)) {
          attachDevices(target, more);
          if (spec.ids().privileged()) {
            kernel.bpf().attach(Hook.SETTING, target, loaded(Hook.SETTING));
          }
        }
        return;
      }
    } catch (KernelException e) {
      requireNamespace(spec, e);
      requireNoDevices(more, e);
      return;
    }
    requireNamespace(spec, null);
    requireNoDevices(more, null);
  }

  /** Devices of the host that a container may open beside those that every container may. */
  static List<DeviceRule> devices(Kernel kernel, GuestAccess access) {
    List<DeviceRule> rules = new ArrayList<>(access.devices());
    access.allNodes().forEach(node -> rules.add(HostDevice.of(kernel, node).rule(node)));
    return rules;
  }

  /** Replaces the devices of a running container; what is open stays open. */
  void replaceDevices(ContainerCgroup cgroup, List<DeviceRule> more) {
    Optional<Path> directory = cgroup.unifiedDirectory();
    if (directory.isEmpty()) {
      requireNoDevices(more, null);
      return;
    }
    try (Fd target = kernel.files().open(directory.get().toString(), 0, 0)) {
      List<Fd> former = kernel.bpf().attached(Hook.DEVICE, target);
      try {
        // All programs of a cgroup have to agree: in between, only what both allow is allowed.
        attachDevices(target, more);
        former.forEach(program -> kernel.bpf().detach(Hook.DEVICE, target, program));
      } finally {
        former.forEach(Fd::close);
      }
    } catch (KernelException e) {
      requireNoDevices(more, e);
      throw e;
    }
  }

  private void attachDevices(Fd target, List<DeviceRule> more) {
    try (Fd program = kernel.bpf().load(Hook.DEVICE, DeviceRules.standardAnd(more).program())) {
      kernel.bpf().attach(Hook.DEVICE, target, program);
    }
  }

  private synchronized Fd loaded(Hook hook) {
    return programs.computeIfAbsent(hook, h -> kernel.bpf().load(h, SettingRules.program()));
  }

  /** Without the program, nothing would keep to the rights that were given. */
  private static void requireNoDevices(List<DeviceRule> more, @Nullable KernelException cause) {
    if (!more.isEmpty()) {
      throw new LaminaException(
          ExitCode.NO_KERNEL_SUPPORT,
          "cannot give devices to a container: "
              + (cause == null ? "no cgroup2 hierarchy is mounted" : cause.getMessage()),
          "Mount cgroup2, on a kernel with CONFIG_CGROUP_BPF.",
          cause);
    }
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
