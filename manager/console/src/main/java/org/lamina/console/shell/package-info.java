/** Spring Shell wired for people and scripts: parsing, completion, help, running. */
@NullMarked
package org.lamina.console.shell;

import org.jspecify.annotations.NullMarked;
