/** The commands. */
@NullMarked
package org.lamina.console.command;

import org.jspecify.annotations.NullMarked;
