/** Names for many containers at once. Pure. */
@NullMarked
package org.lamina.console.select;

import org.jspecify.annotations.NullMarked;
