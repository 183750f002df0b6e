package org.lamina.agent.sys.jna;

import com.sun.jna.Platform;

/**
 * Numbers that differ between architectures, and those of calls newer than the unified table.
 *
 * @param pivotRoot system call number
 * @param seccomp system call number
 * @param bpf system call number
 * @param renameat2 system call number
 * @param statMode offset of st_mode in struct stat; uid and gid follow it
 * @param statRdev offset of st_rdev
 * @param openDirectory O_DIRECTORY
 * @param openNoFollow O_NOFOLLOW
 * @param epollData offset of the data in struct epoll_event; they end it
 */
record Abi(
    long pivotRoot,
    long seccomp,
    long bpf,
    long renameat2,
    int statMode,
    int statRdev,
    int openDirectory,
    int openNoFollow,
    int epollData) {
  static final long PIDFD_SEND_SIGNAL = 424;
  static final long OPEN_TREE = 428;
  static final long MOVE_MOUNT = 429;
  static final long FSOPEN = 430;
  static final long FSCONFIG = 431;
  static final long FSMOUNT = 432;
  static final long FSPICK = 433;
  static final long PIDFD_OPEN = 434;
  static final long OPENAT2 = 437;
  static final long PIDFD_GETFD = 438;
  static final long MOUNT_SETATTR = 442;
  static final long QUOTACTL_FD = 443;

  /** asm/unistd_64.h, struct stat of x86-64. */
  private static final Abi X86_64 = new Abi(155, 317, 321, 316, 24, 40, 0200000, 0400000, 4);

  /** asm-generic/unistd.h, struct stat of AArch64. */
  private static final Abi AARCH64 = new Abi(41, 277, 280, 276, 16, 32, 040000, 0100000, 8);

  static final Abi HOST = Platform.isARM() ? AARCH64 : X86_64;
}
