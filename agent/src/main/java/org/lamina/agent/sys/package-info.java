/** The narrow seam to the kernel: descriptors, errno, libc and system calls. */
@NullMarked
package org.lamina.agent.sys;

import org.jspecify.annotations.NullMarked;
