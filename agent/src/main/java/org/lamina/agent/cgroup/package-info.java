/**
 * Containers' control groups, alike on cgroup v2 and on v1. In every hierarchy used, {@code
 * NAME/CTID} carries the limits and is out of the container's reach; {@code NAME/CTID/payload} is
 * where init lives; {@code NAME/CTID-supervisor} holds this program's own processes that wait on
 * the container, so that they outlive the daemon.
 */
@NullMarked
package org.lamina.agent.cgroup;

import org.jspecify.annotations.NullMarked;
