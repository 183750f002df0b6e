package org.lamina.manager.core.patch;

import java.util.List;
import org.lamina.manager.core.Container;
import org.lamina.templates.patch.ContainerPlan;
import org.lamina.templates.patch.Remaining;

/**
 * A container that was moved.
 *
 * @param plan as it was made for this very move
 * @param readOnlyMicros how long trees could not be written to
 * @param failed what tools inside could not make anew
 */
record Moved(
    Container c,
    ContainerPlan plan,
    long readOnlyMicros,
    List<String> notes,
    List<Remaining> failed) {}
