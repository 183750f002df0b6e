/** Patching for the Debian family: dpkg's database, its configuration files and its versions. */
@NullMarked
package org.lamina.templates.patch.debian;

import org.jspecify.annotations.NullMarked;
