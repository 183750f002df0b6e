/**
 * What a container's processes may ask of the kernel: a seccomp filter for every ABI the kernel
 * runs and, for containers without a user namespace, a capability bounding set. Pure: programs and
 * arguments are built here and installed elsewhere.
 */
@NullMarked
package org.lamina.agent.seccomp;

import org.jspecify.annotations.NullMarked;
