/** The interactive console: a guest of the daemon's API, for people. */
@NullMarked
package org.lamina.console;

import org.jspecify.annotations.NullMarked;
