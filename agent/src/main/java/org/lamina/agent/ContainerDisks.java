package org.lamina.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.IdRange;

/**
 * What holds the files of containers and keeps them within their limits. The disk itself says which
 * layout a private area has, so that nothing has to be remembered. Calls for one area are made by
 * one thread at a time, except for {@link #layout} and {@link #usage}.
 */
public interface ContainerDisks {
  /** How the files of an area lie. */
  DiskLayout layout(Path area);

  /**
   * How files would be laid out that are to be limited.
   *
   * @param parent directory of private areas
   * @return the layout, {@link DiskLayout#DIR} where nothing can limit them, and why it is that one
   */
  Choice choice(Path parent);

  /** A layout and a sentence that says why. */
  record Choice(DiskLayout layout, String reason) {}

  /**
   * Makes the empty delta directory of a new area, ready for use.
   *
   * @throws org.lamina.schema.LaminaException BAD_PARAMETER or NO_KERNEL_SUPPORT for limits that
   *     cannot be held
   */
  List<String> create(Path area, DiskLimits limits, IdRange ids);

  /** Makes the delta directory show the files; does nothing if it does. */
  void attach(Path area);

  /** Whether {@link #attach} mounted something that is still there. */
  boolean attached(Path area);

  /** Undoes {@link #attach} as far as nobody uses the files. */
  void detach(Path area);

  /**
   * Finishes or takes back what was interrupted in an area whose container is neither running nor
   * mounted.
   */
  void settle(Path area);

  /**
   * Makes limits hold that are asked for now, or that are saved and may not hold.
   *
   * @param inUse the container runs or is mounted
   * @param say is told what takes long
   * @return what the operator should know
   * @throws org.lamina.schema.LaminaException if they cannot be held; nothing was changed then
   */
  List<String> hold(Path area, DiskLimits limits, IdRange ids, boolean inUse, Consumer<String> say);

  /** Room beyond a container's limits, to be given back. */
  interface Headroom extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Room for a start or a mount of a container whose disk is full, which would be read-only
   * otherwise: overlays make directories of their own, and the host writes files inside. It is
   * given back when init has just begun. Should it not be given back, the next start does.
   *
   * @param limits that hold and will again
   */
  Headroom headroom(Path area, DiskLimits limits);

  /** What the container takes; empty where that is not counted. */
  Optional<DiskUsage> usage(Path area);

  /** Takes away what only this area has beside files, before its directory is removed. */
  void discard(Path area);
}
