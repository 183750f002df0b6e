/**
 * Connects containers: what is wanted is worked out by pure functions ({@link
 * org.lamina.agent.network.Wanted}, {@link org.lamina.agent.network.Change}) and handed in batches
 * to {@code ip} and {@code nft} of the host. Everything happens in the network namespace the
 * program runs in, and in those of the containers; a container's files are never involved.
 */
@NullMarked
package org.lamina.agent.network;

import org.jspecify.annotations.NullMarked;
