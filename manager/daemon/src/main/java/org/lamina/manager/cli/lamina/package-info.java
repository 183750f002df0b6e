/** The {@code lamina SUBCOMMAND} command. */
@NullMarked
package org.lamina.manager.cli.lamina;

import org.jspecify.annotations.NullMarked;
