/**
 * The domain: containers, operations, locks and the use cases over them. Knows the runtime and the
 * template store by their interfaces; no Spring, no SQL, no HTTP.
 */
@NullMarked
package org.lamina.manager.core;

import org.jspecify.annotations.NullMarked;
