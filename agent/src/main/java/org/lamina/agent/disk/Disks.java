package org.lamina.agent.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ContainerDisks;
import org.lamina.agent.DiskUsage;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;

/**
 * The disks of this host's containers. What an area has is read from the area itself: an image file
 * beside the delta directory, a subvolume in its place, or a project on it.
 */
public final class Disks implements ContainerDisks {
  static final String DELTA = "delta";
  private static final Logger log = System.getLogger(Disks.class.getName());

  /** Bytes for the directories of two overlays and a few small files. */
  static final long HEADROOM = 4L << 20;

  static final long HEADROOM_FILES = 64;

  private final Kernel kernel;
  private final ProjectQuota projects;
  private final Subvolumes subvolumes;
  private final @Nullable DiskLayout configured;

  /**
   * @param configured VE_LAYOUT; null to choose by the file system
   */
  public Disks(Kernel kernel, @Nullable DiskLayout configured) {
    this.kernel = kernel;
    this.projects = new ProjectQuota(kernel);
    this.subvolumes = new Subvolumes(kernel);
    this.configured = configured;
  }

  @Override
  public DiskLayout layout(Path area) {
    Path delta = area.resolve(DELTA);
    if (image(area).exists()) {
      return DiskLayout.IMAGE;
    }
    if (subvolumes.isSubvolume(delta)) {
      return DiskLayout.BTRFS;
    }
    return projects.project(delta) != 0 ? DiskLayout.QUOTA : DiskLayout.DIR;
  }

  @Override
  public Choice choice(Path parent) {
    boolean quota = projects.enforced(parent);
    boolean btrfs = subvolumes.possible(parent);
    DiskLayout asked =
        configured != null
            ? configured
            : quota ? DiskLayout.QUOTA : btrfs ? DiskLayout.BTRFS : DiskLayout.IMAGE;
    String reason =
        configured == null ? "the file system of " + parent : "VE_LAYOUT in lamina.conf";
    return switch (asked) {
      case DIR -> new Choice(asked, reason + " says so");
      case QUOTA ->
          quota
              ? new Choice(asked, reason + " has project quotas")
              : impossible(asked, parent + " has no project quotas that are enforced");
      case BTRFS ->
          btrfs
              ? new Choice(asked, reason + " is btrfs")
              : impossible(asked, parent + " is not on btrfs");
      case IMAGE ->
          HostTools.installed("mkfs.ext4")
              ? new Choice(asked, configured == null ? reason + " has no quotas" : reason)
              : impossible(asked, "the program mkfs.ext4 of the package e2fsprogs is missing");
    };
  }

  private static Choice impossible(DiskLayout asked, String why) {
    return new Choice(DiskLayout.DIR, "the layout " + asked.word() + " is not possible: " + why);
  }

  @Override
  public List<String> create(Path area, DiskLimits limits, IdRange ids) {
    Choice choice = choice(area.resolveSibling(""));
    boolean limited = limits.limitsSpace() || limits.limitsInodes();
    DiskLayout layout =
        choice.layout() == DiskLayout.IMAGE && !limited ? DiskLayout.DIR : choice.layout();
    if (limited) {
      // The same refusals as later.
      var _ =
          DiskPlan.of(new DiskPlan.Situation(DiskLayout.DIR, choice, null, null, 0, false), limits);
    }
    try {
      make(area, DELTA, layout, limits, ids);
      if (layout == DiskLayout.IMAGE) {
        image(area).mount();
      }
      return notes(layout, limits);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new empty directory of a layout; an image is made and not mounted. */
  void make(Path area, String name, DiskLayout layout, DiskLimits limits, IdRange ids)
      throws IOException {
    Path directory = area.resolve(name);
    switch (layout) {
      case DIR -> Files.createDirectory(directory);
      case QUOTA -> {
        Files.createDirectory(directory);
        projects.assign(directory, ids);
        projects.limit(directory, limits);
      }
      case BTRFS -> {
        subvolumes.create(area, name);
        if (limits.limitsSpace()) {
          subvolumes.enable(area);
          subvolumes.limit(directory, limits.space());
        }
      }
      case IMAGE -> {
        Files.createDirectory(directory);
        Path file = area.resolve(name.equals(DELTA) ? "delta.img" : "delta.img.new");
        new Image(kernel, file, directory).make(Objects.requireNonNull(limits.space()));
      }
    }
  }

  private static List<String> notes(DiskLayout layout, DiskLimits limits) {
    List<String> notes = new ArrayList<>();
    if (limits.hasSoft() && layout != DiskLayout.QUOTA && layout != DiskLayout.DIR) {
      notes.add(
          "the layout "
              + layout.word()
              + " has no soft limits: the hard limit is held, the soft one is kept in the"
              + " configuration");
    }
    return notes;
  }

  @Override
  public void attach(Path area) {
    Image image = image(area);
    if (!image.exists() || image.mounted()) {
      return;
    }
    try {
      new Relocation(this, area).finish();
      image.mount();
    } catch (IOException e) {
      throw failed(area, e);
    }
  }

  @Override
  public boolean attached(Path area) {
    Image image = image(area);
    return image.exists() && image.mounted();
  }

  @Override
  public void detach(Path area) {
    if (attached(area)) {
      // Busy: somebody on the host looks at it, and the next time will do.
      var _ = image(area).unmount();
    }
  }

  @Override
  public void settle(Path area) {
    try {
      new Relocation(this, area).settle();
    } catch (IOException e) {
      throw failed(area, e);
    }
  }

  @Override
  public List<String> hold(
      Path area, DiskLimits limits, IdRange ids, boolean inUse, Consumer<String> say) {
    if (!inUse) {
      settle(area);
    }
    try {
      Choice choice = choice(area.resolveSibling(""));
      DiskLayout layout = layout(area);
      Optional<DiskUsage> usage = usage(area);
      DiskPlan plan =
          DiskPlan.of(
              new DiskPlan.Situation(
                  layout,
                  choice,
                  usage.map(DiskUsage::space).orElse(null),
                  usage.map(DiskUsage::inodes).orElse(null),
                  layout == DiskLayout.IMAGE ? image(area).size() : 0,
                  inUse),
              limits);
      switch (plan) {
        case DiskPlan.Nothing nothing -> {}
        case DiskPlan.SetQuota quota -> setQuota(area, layout, limits, say);
        case DiskPlan.Resize resize -> resize(area, resize.bytes(), inUse, say);
        case DiskPlan.Move move -> {
          say.accept("Moving the container's files to the layout " + move.to().word());
          new Relocation(this, area).move(move.to(), limits, ids);
        }
      }
      return notes(layout(area), limits);
    } catch (IOException e) {
      throw failed(area, e);
    } catch (KernelException e) {
      throw new LaminaException(
          ExitCode.DISK_LIMIT_FAILED,
          "cannot limit the disk of " + area + ": " + e.getMessage(),
          null,
          e);
    }
  }

  private void setQuota(Path area, DiskLayout layout, DiskLimits limits, Consumer<String> say) {
    Path delta = area.resolve(DELTA);
    if (layout == DiskLayout.QUOTA) {
      projects.limit(delta, limits);
      return;
    }
    if (limits.limitsSpace() && subvolumes.enable(area)) {
      say.accept("Quotas of the btrfs file system were switched on");
    }
    subvolumes.limit(delta, limits.limitsSpace() ? limits.space() : null);
  }

  private void resize(Path area, long bytes, boolean inUse, Consumer<String> say)
      throws IOException {
    Image image = image(area);
    if (inUse) {
      image.grow(bytes);
      return;
    }
    say.accept("Making a copy of the image with its new size");
    image.release();
    image.rebuild(bytes);
  }

  @Override
  public Headroom headroom(Path area, DiskLimits limits) {
    DiskLayout layout = layout(area);
    if (layout == DiskLayout.IMAGE) {
      return image(area).headroom();
    }
    if (layout == DiskLayout.DIR || !(limits.limitsSpace() || limits.limitsInodes())) {
      return () -> {};
    }
    try {
      setQuota(area, layout, limits.plus(HEADROOM, HEADROOM_FILES), line -> {});
    } catch (KernelException e) {
      log.log(Level.WARNING, "no room beyond the limits of {0}: {1}", area, e.getMessage());
    }
    return () -> {
      try {
        setQuota(area, layout, limits, line -> {});
      } catch (KernelException e) {
        // What was to be done is done; a few megabytes more are no reason to call it failed.
        log.log(Level.ERROR, "{0} keeps room beyond its limits: {1}", area, e.getMessage());
      }
    };
  }

  @Override
  public Optional<DiskUsage> usage(Path area) {
    Path delta = area.resolve(DELTA);
    try {
      return switch (layout(area)) {
        case DIR -> Optional.empty();
        case QUOTA -> Optional.of(projects.usage(delta));
        case BTRFS -> subvolumes.usage(delta);
        case IMAGE -> image(area).usage();
      };
    } catch (IOException | KernelException e) {
      return Optional.empty(); // Gone since it was looked at.
    }
  }

  @Override
  public void discard(Path area) {
    if (!Files.isDirectory(area, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (layout(area) == DiskLayout.QUOTA) {
      projects.release(area.resolve(DELTA));
    }
    dispose(area);
    Image.unmountBelow(kernel, area);
    for (String name : List.of(DELTA, Relocation.NEXT, Relocation.FORMER)) {
      if (subvolumes.isSubvolume(area.resolve(name))) {
        subvolumes.delete(area, name);
      }
    }
  }

  /** Writes nothing more to an image that is about to be deleted; waits for nobody. */
  private void dispose(Path area) {
    Image image = image(area);
    if (image.exists() && image.mounted()) {
      var _ = image.unmount();
    }
  }

  Image image(Path area) {
    return new Image(kernel, area.resolve("delta.img"), area.resolve(DELTA));
  }

  Kernel kernel() {
    return kernel;
  }

  Subvolumes subvolumes() {
    return subvolumes;
  }

  private static LaminaException failed(Path area, IOException e) {
    String why = String.valueOf(e.getMessage());
    boolean full = why.contains("No space left on device");
    return new LaminaException(
        full ? ExitCode.DISK_FULL : ExitCode.SYSTEM,
        "cannot change the disk of " + area + ": " + why,
        full ? "Free space on the file system of the state directory." : null,
        e);
  }
}
