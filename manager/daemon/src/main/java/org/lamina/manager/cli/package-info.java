/** The scripted commands: argument tables, help and output, over the use cases of the core. */
@NullMarked
package org.lamina.manager.cli;

import org.jspecify.annotations.NullMarked;
