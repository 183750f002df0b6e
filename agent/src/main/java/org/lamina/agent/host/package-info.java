/**
 * Settings of the host that many containers on one kernel need: what they must be at least, what
 * they are, and raising them.
 */
@NullMarked
package org.lamina.agent.host;

import org.jspecify.annotations.NullMarked;
