/** Moving containers from one generation of their template to another, and back. */
@NullMarked
package org.lamina.manager.core.patch;

import org.jspecify.annotations.NullMarked;
