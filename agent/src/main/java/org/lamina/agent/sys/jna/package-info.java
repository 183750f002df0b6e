/** The binding of {@link org.lamina.agent.sys} to the C library; the only users of JNA. */
@NullMarked
package org.lamina.agent.sys.jna;

import org.jspecify.annotations.NullMarked;
