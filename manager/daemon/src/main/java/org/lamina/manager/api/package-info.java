/** The JSON API on the Unix socket: who may call it, its resources, and its errors. */
@NullMarked
package org.lamina.manager.api;

import org.jspecify.annotations.NullMarked;
