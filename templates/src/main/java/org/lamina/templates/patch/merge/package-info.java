/** Three-way merges of tables that several families have, between base, container and update. */
@NullMarked
package org.lamina.templates.patch.merge;

import org.jspecify.annotations.NullMarked;
