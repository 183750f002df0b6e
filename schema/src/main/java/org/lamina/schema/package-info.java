/** Vocabulary shared by every module: values, units, and the exit-code table. */
@NullMarked
package org.lamina.schema;

import org.jspecify.annotations.NullMarked;
