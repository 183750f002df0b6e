/** The embedded H2 database behind the core's ports; the only package that sees SQL. */
@NullMarked
package org.lamina.manager.store;

import org.jspecify.annotations.NullMarked;
