/** The daemon's main program: puts core, store, agent, templates and API together. */
@NullMarked
package org.lamina.manager.wiring;

import org.jspecify.annotations.NullMarked;
