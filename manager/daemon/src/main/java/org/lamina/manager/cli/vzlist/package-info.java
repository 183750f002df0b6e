/** The {@code vzlist} command. */
@NullMarked
package org.lamina.manager.cli.vzlist;

import org.jspecify.annotations.NullMarked;
