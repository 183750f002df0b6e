/** What the files of containers lie on, and the limits of that. */
@NullMarked
package org.lamina.agent.disk;

import org.jspecify.annotations.NullMarked;
