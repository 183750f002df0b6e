package org.lamina.agent.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.lamina.agent.HostFeature;
import org.lamina.agent.HostFeature.Verdict;
import org.lamina.agent.device.DeviceRules;
import org.lamina.agent.mount.DeltaStack;
import org.lamina.agent.mount.OverlayMounts;
import org.lamina.agent.sys.BpfCalls.Hook;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.MountCalls.Option;
import org.lamina.schema.LaminaException;

/**
 * Tries on this kernel and this disk what a container needs, instead of concluding it from a
 * version: distributions take features back to older kernels and build others without them. What is
 * made for it is detached or removed again. Thread safe.
 *
 * @param userNamespace one that maps ids as a container's does, made when it is asked for
 * @param state the directory that holds templates and containers
 */
public record KernelTrials(Kernel kernel, Supplier<Fd> userNamespace, Path state) {

  /** All of them, the vital ones first. */
  public List<HostFeature> all() {
    return List.of(layers(), exchange(), deepStacks(), deviceRules(), processFiles());
  }

  /** The mounts of a start: a layer with mapped owners below an overlay, on the disk at hand. */
  HostFeature layers() {
    String name = "mapped layers";
    try {
      try (Place place = Place.below(state)) {
        DeltaStack stack = new DeltaStack(place.make("upper"), place.make("work"), List.of());
        List<Path> layers = List.of(place.make("lower"));
        new OverlayMounts(kernel).fromHost(stack, layers, "", userNamespace.get(), 0).close();
      }
      return HostFeature.good(name, "an overlay of them can be mounted");
    } catch (IOException e) {
      return vital(name, e.toString(), "Make room or rights for " + state + ".");
    } catch (KernelException e) {
      return vital(
          name,
          String.valueOf(e.getMessage()),
          "It needs Linux 5.19 or newer with the module overlay, and the containers' directory on"
              + " ext4, xfs or btrfs.");
    } catch (LaminaException e) {
      return vital(
          name,
          String.valueOf(e.getMessage()),
          "Containers need user namespaces: sysctl -w user.max_user_namespaces=65536");
    }
  }

  /** A directory on the disk at hand for the time of a trial. */
  private record Place(Path top) implements AutoCloseable {
    static Place below(Path state) throws IOException {
      return new Place(Files.createTempDirectory(state, ".trial-"));
    }

    Path make(String name) throws IOException {
      return Files.createDirectory(top.resolve(name));
    }

    @Override
    public void close() {
      removeTree(top);
    }
  }

  private static void removeTree(Path top) {
    try (var files = Files.walk(top)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An unknown flag is refused before the descriptors are looked at. */
  HostFeature exchange() {
    String name = "live exchange";
    try (Fd nothing = new Fd(Integer.MAX_VALUE, number -> {})) {
      kernel.mounts().attachBeneath(nothing, nothing);
    } catch (KernelException e) {
      if (!e.is(Errno.EINVAL)) {
        return HostFeature.good(name, "the new tree goes beneath, the old one goes away");
      }
    }
    return HostFeature.good(
        name, "the new tree goes on top, the old one stays below until the container restarts");
  }

  HostFeature deepStacks() {
    String name = "many live moves";
    // Neither may lie in the other.
    try (Place place = Place.below(state)) {
      List<Option> layers =
          List.of(
              new Option("lowerdir+", place.make("upper").toString()),
              new Option("lowerdir+", place.make("lower").toString()));
      kernel.mounts().mountDetached("overlay", "lamina-trial", layers, 0).close();
      return HostFeature.good(name, "up to 500 between two starts of a container");
    } catch (IOException e) {
      return new HostFeature(
          name, Verdict.LACKING, "not tried: " + e, "Make room or rights for " + state + ".");
    } catch (KernelException e) {
      return HostFeature.good(
          name, "about a dozen between two starts of a container (more from Linux 6.7 on)");
    }
  }

  HostFeature deviceRules() {
    String name = "device rules";
    try {
      kernel.bpf().load(Hook.DEVICE, DeviceRules.STANDARD.program()).close();
      return HostFeature.good(name, "taken");
    } catch (KernelException e) {
      return new HostFeature(
          name,
          Verdict.LACKING,
          String.valueOf(e.getMessage()),
          "Containers with --privileged cannot start; the kernel needs CONFIG_CGROUP_BPF.");
    }
  }

  /** What lxcfs stands on. Opening it loads the module where that is needed. */
  HostFeature processFiles() {
    String name = "fuse";
    try {
      kernel.files().open("/dev/fuse", FileCalls.O_RDWR, 0).close();
      return HostFeature.good(name, "there");
    } catch (KernelException e) {
      return new HostFeature(
          name,
          Verdict.LACKING,
          String.valueOf(e.getMessage()),
          "free and top inside show the host's numbers without it: modprobe fuse");
    }
  }

  private static HostFeature vital(String name, String found, String advice) {
    return new HostFeature(name, Verdict.VITAL, found, advice);
  }
}
