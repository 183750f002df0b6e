package org.lamina.agent.seccomp;

import java.util.List;

/**
 * A system call that is answered by an error instead of being carried out.
 *
 * @param syscall its name; ABIs that have none of this name are not concerned
 * @param tests all of which must hold; none denies every use
 * @param errno 1..4095
 */
record Denial(String syscall, List<ArgTest> tests, int errno) {
  static final int EPERM = 1;
  static final int ENOSYS = 38;
  static final int EAFNOSUPPORT = 97;

  Denial {
    tests = List.copyOf(tests);
  }

  static Denial of(int errno, String syscall, ArgTest... tests) {
    return new Denial(syscall, List.of(tests), errno);
  }
}
