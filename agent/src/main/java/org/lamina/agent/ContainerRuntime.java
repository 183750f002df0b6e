package org.lamina.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.IdRange;

/**
 * The kernel's side of containers. The kernel is the truth: implementations keep no state that
 * could not be found again after {@code kill -9} of the daemon. Calls for one container are made by
 * one thread at a time (the manager locks); calls for different containers run in parallel. Every
 * method throws {@link org.lamina.schema.LaminaException} on failure and then leaves nothing
 * half-done of its own.
 */
public interface ContainerRuntime {
  /** Makes the empty delta directories of a new container, owned by its id range. */
  void createDelta(Path delta, List<String> swappableTrees, IdRange ids, Path templateRoot);

  /**
   * Whether the root directories in a delta belong to the id range, as {@link #createDelta} left
   * them.
   */
  boolean owns(Path delta, IdRange ids);

  /**
   * Whether this host can hold the limits of a container that is not running.
   *
   * @throws org.lamina.schema.LaminaException NO_KERNEL_SUPPORT or BAD_PARAMETER naming the option
   */
  void requireLimits(LaunchSpec spec);

  /**
   * Whether this host can give a container the devices, capabilities and features it is to have.
   *
   * @throws org.lamina.schema.LaminaException DEVICE_FAILED, CAPABILITY_FAILED or NO_KERNEL_SUPPORT
   */
  void requireAccess(IdRange ids, GuestAccess access);

  /**
   * Whether containers can be given control groups of a version.
   *
   * @param who is to get them, for the message
   * @throws org.lamina.schema.LaminaException NO_KERNEL_SUPPORT
   */
  void requireCgroups(String who, CgroupVersion version);

  /** What holds the files of containers. */
  ContainerDisks disks();

  /** Starts init; returns when it was exec'ed, not when it is ready. */
  RunningContainer start(LaunchSpec spec);

  /** The container if its init is alive now, also one started by an earlier daemon. */
  Optional<RunningContainer> running(Ctid ctid);

  /** How the last run of this container ended, kept until the next start or {@link #sweep}. */
  Optional<ExitCause> lastExit(Ctid ctid);

  /** Containers of which anything is left in cgroups or the run directory, running or not. */
  Set<Ctid> traces();

  /**
   * Kills what is left of a container and removes its cgroups and run directory. Idempotent; a
   * running container is killed.
   */
  void sweep(Ctid ctid);

  /** Returns when all that was written to the file system of the delta is on the disk. */
  void flush(Path delta);

  /**
   * Folds what live exchanges stacked in the delta of a container that is neither running nor
   * mounted. Can be interrupted anywhere and called again.
   *
   * @return how many layers were folded
   */
  int squash(Path delta, List<String> trees);

  /** Networks and addresses of the host that are not one container's. */
  NetworkHost network();

  /** What on this host keeps packets from containers though it need not, one sentence each. */
  List<String> networkObstacles();

  /**
   * What the kernel and the disk of this host can do for containers, by trials that leave nothing.
   *
   * @param state the directory that holds templates and containers
   */
  List<HostFeature> features(Path state);

  /** Mounts the root file system of a stopped container for the host to look at. */
  void mount(LaunchSpec spec, Path target);

  /** Undoes {@link #mount}; does nothing if it is not mounted. */
  void umount(Path target);

  /** Whether something is mounted at or below a directory. */
  boolean isMounted(Path target);

  /** {@link #isMounted} for many, by one look at what is mounted now. */
  default Predicate<Path> mounted() {
    return this::isMounted;
  }

  /** The root file system of a stopped container that is mounted at {@code target}. */
  GuestRoot root(LaunchSpec spec, Path target);

  /**
   * Runs one command in the namespaces and root file system of a stopped container, without its
   * init, and takes everything down again when it ends.
   */
  ExecHandle runOnce(LaunchSpec spec, ExecSpec command);
}
