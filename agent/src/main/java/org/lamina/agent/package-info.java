/**
 * What the manager asks of the kernel: start, find, stop, enter and measure containers. Everything
 * that needs root lives below this package; nothing here knows Spring or SQL.
 */
@NullMarked
package org.lamina.agent;

import org.jspecify.annotations.NullMarked;
