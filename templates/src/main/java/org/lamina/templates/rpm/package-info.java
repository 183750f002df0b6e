/**
 * Builds root file systems of the rpm family with dnf, by a definition's own repositories and keys.
 */
@NullMarked
package org.lamina.templates.rpm;

import org.jspecify.annotations.NullMarked;
