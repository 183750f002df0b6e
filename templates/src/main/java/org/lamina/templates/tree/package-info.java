/** Careful work on root file systems: walking, hashing, editing and removing. */
@NullMarked
package org.lamina.templates.tree;

import org.jspecify.annotations.NullMarked;
