package org.lamina.agent.mount;

import static org.lamina.agent.mount.ApiFileSystems.NO_SUID_DEV_EXEC;
import static org.lamina.agent.sys.MountCalls.NO_DEV;
import static org.lamina.agent.sys.MountCalls.NO_EXEC;
import static org.lamina.agent.sys.MountCalls.NO_SUID;
import static org.lamina.agent.sys.MountCalls.READ_ONLY;
import static org.lamina.agent.sys.MountCalls.STRICT_ATIME;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.CgroupVersion;

/**
 * Builds a container's whole mount tree on a thread that is inside its mount, network, IPC and
 * cgroup namespaces but has the host's privileges, so that system calls replace dozens of mount(8)
 * processes. Everything below the root overlay is treated as hostile.
 */
public final class RootAssembler {
  private final Kernel kernel;
  private final OverlayMounts overlays;

  public RootAssembler(Kernel kernel) {
    this.kernel = kernel;
    this.overlays = new OverlayMounts(kernel);
  }

  /**
   * Host paths used while building, all below the container's run directory.
   *
   * @param stage empty directory the root is mounted on until pivot_root
   * @param proc where the stub mounted the new pid namespace's proc
   * @param host directory that appears as /run/host
   * @param mask a file of mode 000
   * @param empty an empty directory
   * @param bootId file with this boot's random id
   */
  public record Workplace(Path stage, Path proc, Path host, Path mask, Path empty, Path bootId) {}

  /** The console's pty: master for the logger, slave held open beside it. */
  public record Console(Fd master, Fd slave) implements AutoCloseable {
    @Override
    public void close() {
      master.close();
      slave.close();
    }
  }

  /** What {@link #assemble} hands back: the root, not yet pivoted to, and the console. */
  public record Assembled(Fd root, Console console) {}

  /** Mounts everything; the calling thread is in the container's namespaces. */
  public Assembled assemble(LaunchSpec spec, @Nullable Fd userNamespace, Workplace place) {
    Fd root = overlays.detached(spec, "", userNamespace, 0);
    try (Fd stage = kernel.files().openDirectory(place.stage().toString())) {
      kernel.mounts().attach(root, stage);
      Tree tree = new Tree(kernel, root, spec.ids().base());
      for (String name : spec.swappableTrees()) {
        try (Fd target = tree.mountPoint(name);
            Fd overlay = overlays.detached(spec, name, userNamespace, 0)) {
          kernel.mounts().attach(overlay, target);
        }
      }
      proc(tree, place);
      sys(tree, place, spec.cgroups());
      run(tree, place);
      return new Assembled(root, dev(tree, spec.limits().numpty()));
    } catch (RuntimeException e) {
      root.close();
      throw e;
    }
  }

  private void proc(Tree root, Workplace place) {
    try (Fd target = root.mountPoint("proc");
        Fd mount = kernel.mounts().attachedTree(place.proc().toString())) {
      kernel.mounts().attach(mount, target);
      Tree proc = new Tree(kernel, mount, root.root());
      try (Fd net = kernel.mounts().cloneTreeAt(mount, "sys/net")) {
        proc.restrict("sys", READ_ONLY | NO_SUID_DEV_EXEC);
        proc.attach(net, "sys/net");
      }
      try (Fd bootId = kernel.mounts().cloneTree(place.bootId().toString(), false)) {
        kernel.mounts().setAttributes(bootId, READ_ONLY | NO_SUID_DEV_EXEC, false);
        proc.attach(bootId, "sys/kernel/random/boot_id");
      }
      ApiFileSystems.PROC_READ_ONLY.forEach(
          path -> proc.restrict(path, READ_ONLY | NO_SUID_DEV_EXEC));
      ApiFileSystems.PROC_MASKED.forEach(path -> cover(proc, path, place.mask()));
    }
  }

  private void cover(Tree tree, String path, Path by) {
    try (Fd bind = kernel.mounts().cloneTree(by.toString(), false);
        Fd target = tree.locate(path)) {
      kernel.mounts().setAttributes(bind, READ_ONLY | NO_SUID_DEV_EXEC, false);
      kernel.mounts().attach(bind, target);
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
  }

  private void sys(Tree root, Workplace place, CgroupVersion cgroups) {
    try (Fd target = root.mountPoint("sys");
        Fd mount =
            kernel
                .mounts()
                .mountDetached("sysfs", "sysfs", List.of(), READ_ONLY | NO_SUID_DEV_EXEC)) {
      kernel.mounts().attach(mount, target);
      Tree sys = new Tree(kernel, mount, root.root());
      ApiFileSystems.SYS_COVERED.forEach(path -> cover(sys, path, place.empty()));
      try (Fd cgroup =
          switch (cgroups) {
            case V1 ->
                kernel
                    .mounts()
                    .mountDetached(
                        "tmpfs",
                        "tmpfs",
                        ApiFileSystems.tmpfs(sys.root(), "0755", "64k", 64),
                        NO_SUID_DEV_EXEC);
            case V2 ->
                kernel.mounts().mountDetached("cgroup2", "cgroup2", List.of(), NO_SUID_DEV_EXEC);
          }) {
        sys.attach(cgroup, "fs/cgroup");
        if (cgroups == CgroupVersion.V1) {
          mountNew(
              new Tree(kernel, cgroup, sys.root()),
              "systemd",
              "cgroup",
              ApiFileSystems.CGROUP_SYSTEMD,
              NO_EXEC);
        }
      }
    }
  }

  private void run(Tree root, Workplace place) {
    try (Fd target = root.mountPoint("run");
        Fd mount =
            kernel
                .mounts()
                .mountDetached(
                    "tmpfs",
                    "tmpfs",
                    ApiFileSystems.tmpfs(root.root(), "0755", "20%", 819_200),
                    NO_SUID | NO_DEV)) {
      kernel.mounts().attach(mount, target);
      Tree run = new Tree(kernel, mount, root.root());
      try (Fd host = run.mountPoint("host");
          Fd bind = kernel.mounts().cloneTree(place.host().toString(), false)) {
        kernel.mounts().setAttributes(bind, READ_ONLY | NO_SUID_DEV_EXEC, false);
        kernel.mounts().attach(bind, host);
      }
    }
  }

  private Console dev(Tree root, @Nullable Long terminals) {
    int owner = root.root();
    try (Fd target = root.mountPoint("dev");
        Fd mount =
            kernel
                .mounts()
                .mountDetached(
                    "tmpfs",
                    "tmpfs",
                    ApiFileSystems.tmpfs(owner, "0755", "4m", 16_384),
                    NO_SUID | STRICT_ATIME)) {
      kernel.mounts().attach(mount, target);
      Tree dev = new Tree(kernel, mount, owner);
      for (String device : ApiFileSystems.DEVICES) {
        try (Fd file = dev.file(device);
            Fd node = kernel.mounts().cloneTree("/dev/" + device, false)) {
          kernel.mounts().attach(node, file);
        }
      }
      ApiFileSystems.DEVICE_LINKS.forEach(dev::link);
      mountNew(dev, "shm", "tmpfs", ApiFileSystems.tmpfs(owner, "1777", "50%", 819_200), 0);
      mountNew(dev, "mqueue", "mqueue", List.of(), NO_EXEC);
      return console(dev, owner, terminals);
    }
  }

  private void mountNew(
      Tree tree,
      String name,
      String type,
      List<org.lamina.agent.sys.MountCalls.Option> options,
      int attributes) {
    try (Fd target = tree.mountPoint(name);
        Fd mount =
            kernel.mounts().mountDetached(type, type, options, attributes | NO_SUID | NO_DEV)) {
      kernel.mounts().attach(mount, target);
    }
  }

  private Console console(Tree dev, int owner, @Nullable Long terminals) {
    try (Fd target = dev.mountPoint("pts");
        Fd devpts =
            kernel
                .mounts()
                .mountDetached(
                    "devpts",
                    "devpts",
                    ApiFileSystems.devpts(owner, terminals),
                    NO_SUID | NO_EXEC)) {
      kernel.mounts().attach(devpts, target);
      Fd master =
          kernel
              .files()
              .openBeneath(
                  devpts,
                  "ptmx",
                  FileCalls.O_RDWR | FileCalls.O_NOCTTY,
                  0,
                  FileCalls.RESOLVE_STRICT);
      try {
        int number = kernel.terminals().unlock(master);
        String slave = Integer.toString(number);
        kernel.files().chownAt(devpts, slave, owner, owner + 5);
        kernel.terminals().resize(master, 25, 80);
        try (Fd file = dev.file("console");
            Fd bind = kernel.mounts().cloneTreeAt(devpts, slave)) {
          kernel.mounts().attach(bind, file);
        }
        return new Console(master, kernel.terminals().openPeer(master));
      } catch (RuntimeException e) {
        master.close();
        throw e;
      }
    }
  }
}
