/**
 * Patching for the rpm family: its package database, its configuration files and its versions. The
 * database is read and written by the template's own rpm in a build container, as a list of the
 * packages' headers; which headers a container's database consists of is decided by pure code.
 */
@NullMarked
package org.lamina.templates.patch.rpm;

import org.jspecify.annotations.NullMarked;
