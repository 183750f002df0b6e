package org.lamina.manager.core.patch;

import java.util.List;
import org.lamina.manager.core.Container;
import org.lamina.templates.patch.ContainerPlan;

/**
 * A container that was moved.
 *
 * @param plan as it was made for this very move
 * @param readOnlyMicros how long trees could not be written to
 */
record Moved(Container c, ContainerPlan plan, long readOnlyMicros, List<String> notes) {}
