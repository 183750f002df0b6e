/**
 * Builds and updates root file systems of the rpm family with dnf, by a definition's own
 * repositories and keys, and asks their own rpm about package databases.
 */
@NullMarked
package org.lamina.templates.rpm;

import org.jspecify.annotations.NullMarked;
