/** Templates: definitions, builders and the store of immutable generations. No Spring, no SQL. */
@NullMarked
package org.lamina.templates;

import org.jspecify.annotations.NullMarked;
