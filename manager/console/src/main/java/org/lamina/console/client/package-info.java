/** The daemon's API over its Unix socket, on plain JDK channels. */
@NullMarked
package org.lamina.console.client;

import org.jspecify.annotations.NullMarked;
