package org.lamina.agent.sys;

/** A system call that failed: what was called, on what, and the errno. */
public final class KernelException extends RuntimeException {
  private final int errno;

  /**
   * @param call the call with its object, such as {@code open_tree /var/lib/lamina/...}
   * @param errno the error number
   * @param text the C library's text for it
   */
  public KernelException(String call, int errno, String text) {
    super(call + ": " + text + " (" + Errno.name(errno) + ")");
    this.errno = errno;
  }

  public int errno() {
    return errno;
  }

  public boolean is(int number) {
    return errno == number;
  }
}
