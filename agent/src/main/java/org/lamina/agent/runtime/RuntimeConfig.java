package org.lamina.agent.runtime;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.DiskLayout;

/**
 * Where the runtime works.
 *
 * @param runDir cleared at host boot, such as {@code /run/lamina}; at most 60 bytes long, because
 *     socket paths below it are limited to 107
 * @param libexec directory of the helper scripts {@code waiter}, {@code stub}, {@code logger} and
 *     {@code enter}
 * @param lxcfs the program that shows containers their limits; nothing happens if it is not there
 * @param cgroupName name of the subtree that all containers live below, such as {@code lamina}
 * @param uplinks interfaces that lead outside: {@code detect}, {@code all} or {@code list:NAME...}
 * @param layout of limited disks; null to choose by the file system
 */
public record RuntimeConfig(
    Path runDir,
    Path libexec,
    String cgroupName,
    Path lxcfs,
    String uplinks,
    @Nullable DiskLayout layout) {}
