/** What every distribution family's builder has in common. */
@NullMarked
package org.lamina.templates.build;

import org.jspecify.annotations.NullMarked;
