package org.lamina.agent.seccomp;

/**
 * A condition on one argument of a system call: {@code (argument & mask) == value}.
 *
 * @param index 0..5
 * @param wide whether the kernel takes all 64 bits. Where it takes an {@code int} the upper half is
 *     whatever the caller left there; comparing it would let a filter be passed by.
 */
record ArgTest(int index, boolean wide, long mask, long value) {
  ArgTest {
    if (index < 0 || index > 5 || (value & ~mask) != 0) {
      throw new IllegalArgumentException("test can never hold");
    }
  }

  /** An argument that the kernel declares as a 32-bit type has this value. */
  static ArgTest intIs(int index, int value) {
    return new ArgTest(index, false, 0xFFFF_FFFFL, Integer.toUnsignedLong(value));
  }

  /** An argument that the kernel declares as a 32-bit type has all these bits set. */
  static ArgTest intHas(int index, int bits) {
    return new ArgTest(index, false, Integer.toUnsignedLong(bits), Integer.toUnsignedLong(bits));
  }

  /** An argument that the kernel declares as a 64-bit type has this value. */
  static ArgTest longIs(int index, long value) {
    return new ArgTest(index, true, -1L, value);
  }
}
