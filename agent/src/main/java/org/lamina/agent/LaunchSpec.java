package org.lamina.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.lamina.schema.BindMount;
import org.lamina.schema.CgroupVersion;
import org.lamina.schema.Ctid;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.IdRange;
import org.lamina.schema.Limits;
import org.lamina.schema.NetworkConfig;

/**
 * All that is needed to bring one container's root file system and namespaces up.
 *
 * @param uuid given to init as {@code container_uuid}
 * @param hostname UTS host name and {@code /etc/hostname}; null gives the UTS name {@code ctCTID}
 *     and leaves the file as it is
 * @param ids host id range; {@link IdRange#PRIVILEGED} for a container without user namespace
 * @param layers template layer roots, uppermost first, at least one
 * @param swappableTrees top-level directories that are overlay mounts of their own, such as {@code
 *     usr}
 * @param cgroups what init is given
 * @param delta directory that holds {@code root/{upper,work}} and one such pair per swappable tree
 * @param limits applied before init starts
 * @param network likewise
 * @param bindMounts likewise
 * @param access likewise; what it says of capabilities holds as long as the container runs
 */
public record LaunchSpec(
    Ctid ctid,
    UUID uuid,
    @Nullable String hostname,
    IdRange ids,
    List<Path> layers,
    List<String> swappableTrees,
    CgroupVersion cgroups,
    Path delta,
    Limits limits,
    NetworkConfig network,
    List<BindMount> bindMounts,
    GuestAccess access) {}
