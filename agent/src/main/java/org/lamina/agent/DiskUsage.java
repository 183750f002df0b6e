package org.lamina.agent;

import org.jspecify.annotations.Nullable;

/**
 * What the files of one container take.
 *
 * @param space bytes
 * @param spaceLimit bytes that hold now, null for none
 * @param inodes files and directories, null where they are not counted
 * @param inodesLimit how many there can be, null for no limit
 */
public record DiskUsage(
    long space, @Nullable Long spaceLimit, @Nullable Long inodes, @Nullable Long inodesLimit) {}
