/** {@code vznetstat}: what containers received and sent. */
@NullMarked
package org.lamina.manager.cli.vznetstat;

import org.jspecify.annotations.NullMarked;
