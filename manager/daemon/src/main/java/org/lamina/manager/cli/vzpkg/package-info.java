/** The {@code vzpkg} command. */
@NullMarked
package org.lamina.manager.cli.vzpkg;

import org.jspecify.annotations.NullMarked;
