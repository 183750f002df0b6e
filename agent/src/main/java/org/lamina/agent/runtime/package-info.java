/**
 * Containers as processes: launching, watching, entering, stopping; put together from the parts.
 */
@NullMarked
package org.lamina.agent.runtime;

import org.jspecify.annotations.NullMarked;
