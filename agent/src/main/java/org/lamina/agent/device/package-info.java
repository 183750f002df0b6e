/** Which device nodes a container may open. */
@NullMarked
package org.lamina.agent.device;

import org.jspecify.annotations.NullMarked;
