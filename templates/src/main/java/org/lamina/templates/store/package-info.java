/** Locks, staging, publishing and reading of generations on disk. */
@NullMarked
package org.lamina.templates.store;

import org.jspecify.annotations.NullMarked;
