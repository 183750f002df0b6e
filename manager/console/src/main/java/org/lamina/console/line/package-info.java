/** What a typed line means: words, options, operands. Pure. */
@NullMarked
package org.lamina.console.line;

import org.jspecify.annotations.NullMarked;
