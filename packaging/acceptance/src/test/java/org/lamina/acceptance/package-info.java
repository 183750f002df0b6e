/**
 * The product as an operator meets it: the programs of an assembled tree against a daemon with
 * state, run and configuration directories, cgroup and id ranges of its own, so that an
 * installation on the same machine is not disturbed.
 */
@NullMarked
package org.lamina.acceptance;

import org.jspecify.annotations.NullMarked;
