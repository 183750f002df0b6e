/** Builds Debian root file systems with mmdebstrap from the host's own apt sources. */
@NullMarked
package org.lamina.templates.debian;

import org.jspecify.annotations.NullMarked;
