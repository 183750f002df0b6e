package org.lamina.agent.seccomp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SeccompProgramTest {
  private static final List<BpfInstruction> PROGRAM = SeccompProgram.CONTAINER.instructions();

  private static String verdict(Abi abi, int number, long... args) {
    return name(BpfInterpreter.run(PROGRAM, abi.audit(), number, args));
  }

  private static String name(int action) {
    return switch (action & 0xFFFF_0000) {
      case SeccompProgram.ALLOW -> "allow";
      case SeccompProgram.KILL_PROCESS -> "kill";
      case SeccompProgram.ERRNO ->
          switch (action & 0xFFFF) {
            case 1 -> "EPERM";
            case 38 -> "ENOSYS";
            case 97 -> "EAFNOSUPPORT";
            default -> "errno " + (action & 0xFFFF);
          };
      default -> "action " + Integer.toHexString(action);
    };
  }

  @ParameterizedTest
  @CsvSource({
    // numbers written out, so that a slip in the tables shows
    "X86_64, 246, EPERM", // kexec_load
    "X86_64, 320, EPERM", // kexec_file_load
    "X86_64, 304, EPERM", // open_by_handle_at
    "X86_64, 303, allow", // name_to_handle_at
    "X86_64, 175, EPERM", // init_module
    "X86_64, 313, EPERM", // finit_module
    "X86_64, 176, EPERM", // delete_module
    "X86_64, 248, ENOSYS", // add_key
    "X86_64, 249, ENOSYS", // request_key
    "X86_64, 250, ENOSYS", // keyctl
    "X86_64, 167, EPERM", // swapon
    "X86_64, 168, EPERM", // swapoff
    "X86_64, 172, EPERM", // iopl
    "X86_64, 173, EPERM", // ioperm
    "X86_64, 321, EPERM", // bpf
    "X86_64, 300, EPERM", // fanotify_init
    "X86_64, 298, EPERM", // perf_event_open
    "X86_64, 179, EPERM", // quotactl
    "X86_64, 163, EPERM", // acct
    "X86_64, 164, EPERM", // settimeofday
    "X86_64, 227, EPERM", // clock_settime
    "X86_64, 159, EPERM", // adjtimex
    "X86_64, 305, EPERM", // clock_adjtime
    "X86_64, 212, EPERM", // lookup_dcookie
    "X86_64, 180, ENOSYS", // nfsservctl
    "X86_64, 139, ENOSYS", // sysfs
    "X86_64, 136, ENOSYS", // ustat
    "X86_64, 165, allow", // mount
    "X86_64, 169, allow", // reboot
    "X86_64, 170, allow", // sethostname
    "X86_64, 272, allow", // unshare
    "X86_64, 308, allow", // setns
    "X86_64, 56, allow", // clone
    "X86_64, 435, allow", // clone3
    "X86_64, 59, allow", // execve
    "X86_64, 101, allow", // ptrace
    "X86_64, 428, allow", // open_tree
    "X86_64, 9999, allow", // the kernel itself says ENOSYS
    "I386, 283, EPERM", // kexec_load
    "I386, 342, EPERM", // open_by_handle_at
    "I386, 128, EPERM", // init_module
    "I386, 350, EPERM", // finit_module
    "I386, 129, EPERM", // delete_module
    "I386, 288, ENOSYS", // keyctl
    "I386, 87, EPERM", // swapon
    "I386, 79, EPERM", // settimeofday
    "I386, 25, ENOSYS", // stime
    "I386, 264, EPERM", // clock_settime
    "I386, 404, EPERM", // clock_settime64
    "I386, 124, EPERM", // adjtimex
    "I386, 113, EPERM", // vm86old
    "I386, 166, EPERM", // vm86
    "I386, 86, ENOSYS", // uselib
    "I386, 22, allow", // umount, which has no flags
    "I386, 21, allow", // mount
    "I386, 88, allow", // reboot
    "I386, 310, allow", // unshare
    "I386, 246, allow", // the number of kexec_load elsewhere
    "AARCH64, 104, EPERM", // kexec_load
    "AARCH64, 294, EPERM", // kexec_file_load
    "AARCH64, 265, EPERM", // open_by_handle_at
    "AARCH64, 105, EPERM", // init_module
    "AARCH64, 273, EPERM", // finit_module
    "AARCH64, 219, ENOSYS", // keyctl
    "AARCH64, 224, EPERM", // swapon
    "AARCH64, 112, EPERM", // clock_settime
    "AARCH64, 280, EPERM", // bpf
    "AARCH64, 40, allow", // mount
    "AARCH64, 142, allow", // reboot
    "AARCH64, 97, allow" // unshare
  })
  void everyAbiHasItsOwnNumbers(Abi abi, int number, String expected) {
    assertThat(verdict(abi, number)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    // ioctl's command is 32 bits wide: what is above must not hide it
    "X86_64, ioctl, 0, 0x5412, 0, EPERM",
    "X86_64, ioctl, 0, 0x100005412, 0, EPERM",
    "X86_64, ioctl, 7, 0xFFFFFFFF00005412, 0, EPERM",
    "X86_64, ioctl, 0, 0x541C, 0, EPERM",
    "X86_64, ioctl, 0, 0x5413, 0, allow",
    "X86_64, ioctl, 0x5412, 0, 0, allow",
    "I386, ioctl, 0, 0x5412, 0, EPERM",
    "AARCH64, ioctl, 0, 0x541C, 0, EPERM",
    "X86_64, umount2, 0, 0, 0, allow",
    "X86_64, umount2, 0, 1, 0, EPERM",
    "X86_64, umount2, 0, 0xB, 0, EPERM",
    "X86_64, umount2, 0, 0x100000001, 0, EPERM",
    "X86_64, umount2, 1, 2, 1, allow",
    "I386, umount2, 0, 3, 0, EPERM",
    "X86_64, socket, 16, 3, 9, EAFNOSUPPORT",
    "X86_64, socket, 0x500000010, 3, 0x700000009, EAFNOSUPPORT",
    "X86_64, socket, 16, 3, 0, allow",
    "X86_64, socket, 2, 3, 9, allow",
    "X86_64, socket, 9, 3, 16, allow",
    "I386, socket, 16, 3, 9, EAFNOSUPPORT",
    "AARCH64, socket, 16, 3, 9, EAFNOSUPPORT"
  })
  void someUsesAreDenied(Abi abi, String call, String a, String b, String c, String expected) {
    long[] args =
        List.of(a, b, c).stream()
            .mapToLong(text ->
                Long.parseUnsignedLong(text.replace("0x", ""), text.startsWith("0x") ? 16 : 10))
            .toArray();
    assertThat(verdict(abi, abi.number(call).orElseThrow(), args)).isEqualTo(expected);
  }

  @Test
  void x32CannotPassTheNumbersBy() {
    for (int number : new int[] {0, 246, 165, 520, 0x3FFF_FFFF}) {
      assertThat(verdict(Abi.X86_64, 0x4000_0000 | number)).isEqualTo("ENOSYS");
    }
    assertThat(verdict(Abi.X86_64, 0x8000_0000)).isEqualTo("ENOSYS");
    assertThat(verdict(Abi.X86_64, 0xFFFF_FFFE)).isEqualTo("ENOSYS");
    // A tracer's way of saying that the call was answered already.
    assertThat(verdict(Abi.X86_64, -1)).isEqualTo("allow");
  }

  @Test
  void otherArchitecturesAreKilled() {
    for (int arch : new int[] {0, 0x4000_0028, 0xC000_00F3, 0x8000_0016, -1}) {
      assertThat(name(BpfInterpreter.run(PROGRAM, arch, 1))).isEqualTo("kill");
    }
  }

  @ParameterizedTest
  @EnumSource(Abi.class)
  void nothingIsDeniedButWhatThePolicyNames(Abi abi) {
    Set<String> named =
        SeccompPolicy.denials().stream().map(Denial::syscall).collect(Collectors.toSet());
    for (Map.Entry<String, Integer> call : abi.numbers().entrySet()) {
      String verdict = verdict(abi, call.getValue());
      if (!named.contains(call.getKey())) {
        assertThat(verdict).as(call.getKey()).isEqualTo("allow");
      }
    }
    for (Denial denial : SeccompPolicy.denials()) {
      if (denial.tests().isEmpty() && abi.number(denial.syscall()).isPresent()) {
        assertThat(verdict(abi, abi.number(denial.syscall()).getAsInt()))
            .as(denial.syscall())
            .isEqualTo(denial.errno() == 1 ? "EPERM" : "ENOSYS");
      }
    }
  }

  @Test
  void everyNameInThePolicyIsACall() {
    for (Denial denial : SeccompPolicy.denials()) {
      assertThat(Abi.values())
          .as(denial.syscall())
          .anyMatch(abi -> abi.number(denial.syscall()).isPresent());
    }
  }

  @Test
  void wideArgumentsAreComparedInBothHalves() {
    List<BpfInstruction> program =
        SeccompProgram.build(
                List.of(
                    Denial.of(1, "read", ArgTest.longIs(2, 0x1_0000_0002L)),
                    Denial.of(38, "read", new ArgTest(1, true, 0xF0_0000_0000L, 0x30_0000_0000L))))
            .instructions();
    long[][] cases = {
      {0, 0, 0x1_0000_0002L, 1},
      {0, 0, 2, 0},
      {0, 0, 0x1_0000_0000L, 0},
      {0, 0x3A_1234_5678L, 2, 38},
      {0, 0x4A_1234_5678L, 2, 0},
      {0, 0x30_0000_0000L, 0x1_0000_0002L, 1}
    };
    for (long[] c : cases) {
      int action = BpfInterpreter.run(program, Abi.X86_64.audit(), 0, c[0], c[1], c[2]);
      assertThat(action)
          .isEqualTo(c[3] == 0 ? SeccompProgram.ALLOW : SeccompProgram.ERRNO | (int) c[3]);
    }
  }

  @Test
  void encodesAsTheKernelsArray() {
    ByteBuffer bytes =
        ByteBuffer.wrap(SeccompProgram.CONTAINER.encode()).order(ByteOrder.nativeOrder());
    assertThat(bytes.remaining()).isEqualTo(8 * PROGRAM.size());
    for (BpfInstruction instruction : PROGRAM) {
      assertThat(bytes.getShort()).isEqualTo((short) instruction.code());
      assertThat(bytes.get() & 0xFF).isEqualTo(instruction.jt());
      assertThat(bytes.get() & 0xFF).isEqualTo(instruction.jf());
      assertThat(bytes.getInt()).isEqualTo(instruction.k());
    }
    assertThat(PROGRAM).hasSizeLessThan(700);
  }
}
