/** User namespaces made by short-lived helpers, since a JVM cannot enter one itself. */
@NullMarked
package org.lamina.agent.namespace;

import org.jspecify.annotations.NullMarked;
