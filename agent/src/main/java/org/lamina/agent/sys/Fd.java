package org.lamina.agent.sys;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** An open file descriptor that is closed exactly once. Thread safe. */
public final class Fd implements AutoCloseable {
  private final AtomicInteger number;
  private final IntConsumer closer;

  /**
   * @param number an open descriptor this object now owns
   * @param closer called once with the number
   */
  public Fd(int number, IntConsumer closer) {
    this.number = new AtomicInteger(number);
    this.closer = closer;
  }

  /**
   * @throws IllegalStateException if it was closed
   */
  public int number() {
    int n = number.get();
    if (n < 0) {
      throw new IllegalStateException("descriptor was closed");
    }
    return n;
  }

  /** A path to this descriptor for system calls of this process that want one. */
  public String procPath() {
    return "/proc/self/fd/" + number();
  }

  @Override
  public void close() {
    int n = number.getAndSet(-1);
    if (n >= 0) {
      closer.accept(n);
    }
  }

  @Override
  public String toString() {
    return "fd " + number.get();
  }
}
