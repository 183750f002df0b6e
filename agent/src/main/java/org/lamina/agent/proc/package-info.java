/**
 * Pure parsers for what the kernel and a guest write about processes and mounts. Everything read
 * here may have been shaped by a hostile guest: malformed lines are skipped or give an empty
 * result, they never throw.
 */
@NullMarked
package org.lamina.agent.proc;

import org.jspecify.annotations.NullMarked;
