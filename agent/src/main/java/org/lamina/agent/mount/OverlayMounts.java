package org.lamina.agent.mount;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelThread;
import org.lamina.agent.sys.MountCalls;
import org.lamina.agent.sys.MountCalls.Option;

/**
 * Makes the overlay mounts of a container. Lower layers are idmapped into its user namespace; the
 * upper is not (it would silently be read-only, see Documentation/filesystems/overlayfs.rst and ADR
 * 0005), its files are owned by the shifted ids themselves.
 */
public final class OverlayMounts {
  /** What fsconfig takes as a value. */
  private static final int LONGEST_OPTION = 255;

  private final Kernel kernel;

  public OverlayMounts(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * A detached overlay of one tree. The calling thread is in a mount namespace in which nobody else
   * looks and from which nothing spreads: layers are attached there for a moment, because older
   * kernels, such as Debian 12's, make no overlay of detached ones (ADR 0027).
   *
   * @param tree {@code ""} for the root or the name of a swappable tree, such as {@code usr}
   * @param userNamespace null for a privileged container
   */
  public Fd detached(LaunchSpec spec, String tree, @Nullable Fd userNamespace, int attributes) {
    DeltaStack stack = DeltaStack.of(spec.delta(), tree.isEmpty() ? "root" : tree);
    return detached(stack, spec.layers(), tree, userNamespace, attributes);
  }

  /** The same from a thread of the host, which stays as it is. */
  public Fd fromHost(LaunchSpec spec, String tree, @Nullable Fd userNamespace, int attributes) {
    return aside(() -> detached(spec, tree, userNamespace, attributes));
  }

  /** The same for given layers, uppermost first, and the container's own. */
  public Fd fromHost(
      DeltaStack stack,
      List<Path> layers,
      String tree,
      @Nullable Fd userNamespace,
      int attributes) {
    return aside(() -> detached(stack, layers, tree, userNamespace, attributes));
  }

  /** In a copy of the host's mounts that goes away with its thread. */
  private Fd aside(Supplier<Fd> work) {
    return KernelThread.call(
        "lamina-overlay",
        () -> {
          kernel.mounts().unshareMounts();
          return work.get();
        });
  }

  private Fd detached(
      DeltaStack stack,
      List<Path> layers,
      String tree,
      @Nullable Fd userNamespace,
      int attributes) {
    List<Fd> open = new ArrayList<>();
    List<String> lower = new ArrayList<>();
    try {
      // By descriptor: what fsconfig takes is short, and paths could have a colon.
      for (Path frozen : stack.frozen()) {
        // Owned by the shifted ids already, like the upper it once was.
        lower.add(overItself(frozen, null, open).procPath());
      }
      for (Path layer : layers) {
        if (!Files.isDirectory(layer.resolve(tree), LinkOption.NOFOLLOW_LINKS)) {
          continue; // An update that changed nothing in this tree.
        }
        String place = overItself(layer, userNamespace, open).procPath();
        lower.add(tree.isEmpty() ? place : place + "/" + tree);
      }
      List<Option> options = lowers(lower);
      options.add(new Option("upperdir", stack.upper().toString()));
      options.add(new Option("workdir", stack.work().toString()));
      // All four would bind the delta to one generation, see ADR 0005.
      for (String feature : List.of("index", "metacopy", "redirect_dir", "nfs_export")) {
        options.add(new Option(feature, "off"));
      }
      return kernel.mounts().mountDetached("overlay", "lamina", options, attributes);
    } finally {
      for (Fd layer : open) {
        // The overlay has clones of its own.
        kernel.mounts().unmount(layer.procPath(), MountCalls.MNT_DETACH);
        layer.close();
      }
    }
  }

  /** A directory with mapped owners, attached on top of itself, and added to what is attached. */
  private Fd overItself(Path directory, @Nullable Fd userNamespace, List<Fd> attached) {
    Fd clone = kernel.mounts().cloneTree(directory.toString(), false);
    try (Fd place = kernel.files().openDirectory(directory.toString())) {
      if (userNamespace != null) {
        kernel.mounts().mapOwners(clone, userNamespace);
      }
      kernel.mounts().attach(clone, place);
    } catch (RuntimeException e) {
      clone.close();
      throw e;
    }
    attached.add(clone);
    return clone;
  }

  /**
   * As one option where it fits, which every kernel knows; else layer by layer, which needs Linux
   * 6.7 and goes up to 500.
   */
  static List<Option> lowers(List<String> layers) {
    List<Option> out = new ArrayList<>();
    String together = String.join(":", layers);
    if (together.length() <= LONGEST_OPTION) {
      out.add(new Option("lowerdir", together));
    } else {
      layers.forEach(layer -> out.add(new Option("lowerdir+", layer)));
    }
    return out;
  }

  /** Attributes of mounts that only the host looks at. */
  public static final int FOR_THE_HOST = MountCalls.NO_SUID | MountCalls.NO_DEV;
}
