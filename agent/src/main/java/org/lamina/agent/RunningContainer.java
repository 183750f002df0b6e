package org.lamina.agent;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.lamina.agent.sys.Fd;
import org.lamina.schema.BindMount;
import org.lamina.schema.Ctid;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkConfig;

/** A container whose init is alive. Thread safe. */
public interface RunningContainer {
  Ctid ctid();

  /** Init's process id as the host sees it. */
  int initPid();

  Instant startedAt();

  /**
   * What on this host kept packets from it when this program started it, one sentence each; empty
   * if it was found running.
   */
  List<String> networkObstacles();

  /** Completes when init has ended and been reaped; never exceptionally. */
  CompletableFuture<ExitCause> exit();

  /** True once init said that booting is over. */
  boolean ready();

  /**
   * Waits until init is ready.
   *
   * @return false if the time ran out or init ended first
   */
  boolean awaitReady(Duration timeout);

  /** Asks init to power off by the signal this kind of init understands; returns at once. */
  void powerOff();

  /** Asks init to reboot; returns at once. The exit cause will be REBOOT. */
  void reboot();

  /** Ends every process at once and waits until init is reaped. */
  void kill();

  /** What was put on last; empty if an older version of this program started the container. */
  Optional<Limits> limits();

  /**
   * Puts limits on; either all hold afterwards or none was changed.
   *
   * @param limits all that are to hold from now; a null one is taken off
   * @return what the operator should know of how it went
   */
  List<String> applyLimits(Limits limits);

  /**
   * Shows a directory or file of the host inside.
   *
   * @throws org.lamina.schema.LaminaException ENVIRONMENT_FAILED
   */
  void bind(BindMount mount);

  /**
   * Takes away what is mounted at a path inside.
   *
   * @return false if nothing was mounted there
   */
  boolean unbind(String target);

  /** Devices, capabilities and features as they are now, saved or not. */
  GuestAccess access();

  /**
   * Gives it other devices at once; capabilities stay as they were at its start. What is open stays
   * open. Either all is so afterwards or nothing was changed.
   *
   * @throws org.lamina.schema.LaminaException DEVICE_FAILED, CAPABILITY_FAILED or NO_KERNEL_SUPPORT
   */
  void applyAccess(GuestAccess access);

  /**
   * Processes and threads now: the one figure that every list shows.
   *
   * @throws org.lamina.schema.LaminaException NOT_RUNNING if it has ended
   */
  long processes();

  /**
   * @throws org.lamina.schema.LaminaException NOT_RUNNING if it has ended
   */
  Usage usage();

  /** All that is counted, which takes longer than {@link #usage}. */
  Statistics statistics();

  /** The network that holds now, saved or not. */
  NetworkConfig network();

  /**
   * Gives it another network while everything inside runs on; addresses that stay keep their
   * connections.
   *
   * @throws org.lamina.schema.LaminaException CANNOT_ADD_IP; the network is as before then
   */
  void applyNetwork(NetworkConfig network);

  /** What it received and sent since it got its first address; empty without one. */
  Optional<Traffic> traffic();

  /** Sets the UTS host name and {@code /etc/hostname}. */
  void setHostname(String hostname);

  ExecHandle exec(ExecSpec command);

  /**
   * Exchanges a swappable tree for one on other layers, while everything inside runs on: new opens
   * see the new files, open files and mapped code keep the old ones. The container's own files of
   * that tree stay; they lie in frozen layers below the new upper from then on.
   *
   * @param tree such as {@code usr}
   * @param layers the new generation's layer roots, uppermost first
   * @param delta the container's delta directory
   * @throws org.lamina.schema.LaminaException LOCKED naming the processes that have files of the
   *     tree open for writing; nothing was changed then
   */
  TreeSwitch switchTree(String tree, List<Path> layers, Path delta);

  /** The root file system as the container sees it; the caller closes. */
  GuestRoot root();

  /** The console's scroll-back log, at most 1 MiB, with {@code .1} beside it for what is older. */
  Path consoleLog();

  /** A new descriptor of the console's pty master, for writing key strokes; the caller closes. */
  Fd consoleMaster();
}
