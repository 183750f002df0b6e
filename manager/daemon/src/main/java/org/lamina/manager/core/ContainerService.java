package org.lamina.manager.core;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.HostFeature;
import org.lamina.agent.RunningContainer;
import org.lamina.schema.Ctid;

/**
 * The use cases on containers, behind the JSON API, the scripted commands and the boot sequence
 * alike. Thread safe. Whatever changes a container takes its lock for the whole time and throws
 * LOCKED at once, naming the holder, when somebody else has it; what only reads takes no lock.
 * Every change is journalled so that the next daemon start finishes or undoes it. Output lines are
 * those of vzctl and go to the listener.
 */
public interface ContainerService {
  /** All containers by CTID. */
  List<ContainerView> list();

  /**
   * @param reference a CTID or a name as typed
   * @throws org.lamina.schema.LaminaException BAD_PARAMETER for an unknown name,
   *     NO_CONTAINER_CONFIG for an unknown CTID
   */
  ContainerView find(String reference);

  /**
   * What is recorded of a container, without asking the kernel what it does: for commands that only
   * want to know whom they are about.
   *
   * @param reference a CTID or a name as typed
   * @throws org.lamina.schema.LaminaException as {@link #find}
   */
  Container get(String reference);

  /** Like {@link #find} but empty when there is no such container. */
  Optional<ContainerView> lookup(String reference);

  ContainerView create(CreateRequest request, Listener listener);

  /**
   * @param wait how long to wait for init to be ready; null returns once init was exec'ed
   * @param force start though it is disabled
   */
  void start(Ctid ctid, @Nullable Duration wait, boolean force, Listener listener);

  /** Stops by init's own power-off, by force after the stop timeout, or at once when fast. */
  void stop(Ctid ctid, boolean fast, Listener listener);

  void restart(Ctid ctid, @Nullable Duration wait, boolean force, boolean fast, Listener listener);

  void destroy(Ctid ctid, Listener listener);

  void mount(Ctid ctid, Listener listener);

  void umount(Ctid ctid, Listener listener);

  /** Applies to a running container and, with save, keeps; all or nothing. */
  void set(Ctid ctid, SettingsChange change, boolean save, Listener listener);

  /** The running container, for exec, enter and console; NOT_RUNNING otherwise. */
  RunningContainer running(Ctid ctid);

  /** Runs a command in a running container, or in a stopped one without its init. */
  ExecHandle runScript(Ctid ctid, ExecSpec command, Listener listener);

  /**
   * Stops every container because the host goes down, in the reverse of the boot order; what ran
   * starts with the host again.
   *
   * @return how many were stopped
   */
  int shutdown(Listener listener);

  /** Takes a private area, with its {@code ve.conf}, into the database. */
  ContainerView register(Path privateArea, Ctid ctid, boolean force, Listener listener);

  /** Forgets a stopped container; its private area stays. */
  void unregister(Ctid ctid, Listener listener);

  /** Registers every private area that the database does not know; returns what was found. */
  List<Ctid> recover(Listener listener);

  /** What on this host keeps packets from containers though it need not, one sentence each. */
  List<String> networkObstacles();

  /** What the kernel and the disk of this host can do for containers. */
  List<HostFeature> hostFeatures();
}
