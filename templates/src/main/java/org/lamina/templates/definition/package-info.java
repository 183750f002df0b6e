/** Reading and checking the definitions that operators drop into a directory. */
@NullMarked
package org.lamina.templates.definition;

import org.jspecify.annotations.NullMarked;
