package org.lamina.manager.core;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.Ctid;
import org.lamina.schema.DiskLayout;

/**
 * The host's configuration, read from {@code lamina.conf} by the wiring.
 *
 * @param configDir holds {@code lamina.conf}, {@code samples/} and {@code templates.d/}
 * @param libexec where the installed programs and scripts are
 * @param defaultTemplate DEF_OSTEMPLATE
 * @param defaultSample CONFIGFILE, the sample of new containers
 * @param stopTimeout how long a container may take to power off
 * @param parallelStarts VE_PARALLEL, containers started at once with the host
 * @param startOnBoot VIRTUOZZO, whether onboot containers are started at all
 * @param firstIdBase LOCAL_UID, the lowest id range base
 * @param group members may use the socket
 * @param cgroupName name of Lamina's cgroup on the host
 * @param lxcfs LXCFS, the program that shows containers their limits; it need not be there
 * @param uplinks NEIGHBOUR_DEVS, interfaces that lead containers outside: {@code detect}, {@code
 *     all} or {@code list:NAME...}
 * @param skipArpDetect SKIP_ARPDETECT, nobody on the wire is asked whether an address is in use
 * @param layout VE_LAYOUT, how the files of containers lie that are limited; null to choose by the
 *     file system
 */
public record HostConfig(
    Path configDir,
    Path stateDir,
    Path templateDir,
    Path privateDir,
    Path rootDir,
    Path databaseDir,
    Path runDir,
    Path shippedDefinitions,
    Path libexec,
    @Nullable String defaultTemplate,
    @Nullable String defaultSample,
    Duration stopTimeout,
    int parallelStarts,
    boolean startOnBoot,
    int firstIdBase,
    String group,
    String cgroupName,
    Path lxcfs,
    String uplinks,
    boolean skipArpDetect,
    @Nullable DiskLayout layout) {

  public static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofMinutes(2);
  public static final int DEFAULT_ID_BASE = 65_536 * 16;

  /** The container's private area; {@code ve.conf} and {@code delta/} lie in it. */
  public Path privateArea(Ctid ctid) {
    return privateDir.resolve(ctid.toString());
  }

  /** Where the host sees the container's root when it is mounted. */
  public Path root(Ctid ctid) {
    return rootDir.resolve(ctid.toString());
  }

  /** The configuration file inside the private area. */
  public Path veConf(Ctid ctid) {
    return privateArea(ctid).resolve("ve.conf");
  }

  /** {@code samples/ve-NAME.conf-sample}; the name is checked by the caller. */
  public Path sample(String name) {
    return configDir.resolve("samples").resolve("ve-" + name + ".conf-sample");
  }

  public Path socket() {
    return runDir.resolve("lamina.sock");
  }
}
