/** How a scripted command reaches the daemon: frames, caller descriptors, sessions. */
@NullMarked
package org.lamina.manager.cli.wire;

import org.jspecify.annotations.NullMarked;
