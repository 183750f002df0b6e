/** Tables, sizes, colours and progress on a terminal or a pipe. */
@NullMarked
package org.lamina.console.view;

import org.jspecify.annotations.NullMarked;
