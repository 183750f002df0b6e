/** The {@code vzctl} command. */
@NullMarked
package org.lamina.manager.cli.vzctl;

import org.jspecify.annotations.NullMarked;
