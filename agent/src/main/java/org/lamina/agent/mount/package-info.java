/** A container's root file system: overlays on idmapped layers and the API file systems in it. */
@NullMarked
package org.lamina.agent.mount;

import org.jspecify.annotations.NullMarked;
