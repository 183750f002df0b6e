package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * System calls that root inside must not get to, made from inside. Numbers are those of x86-64, and
 * of its 32-bit entry.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SystemCallsIT {
  private static final int EPERM = 1;
  private static final int ENOSYS = 38;

  /** Bytes of an ELF header and one program header. */
  private static final int HEADERS = 0x54;

  private LaminaHost host;
  private Guest guest;
  private Guest privileged;

  @BeforeAll
  void start() {
    host = LaminaHost.start();
    guest = Guest.create(host, 994, "debian-12").started();
    privileged = Guest.create(host, 996, "debian-12", "--privileged").started();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  private Guest of(String kind) {
    return kind.equals("privileged") ? privileged : guest;
  }

  /** errno of a system call made inside; 0 when it worked. */
  private static int errno(Guest guest, String call) {
    return Integer.parseInt(
        guest.text(
            "perl -e 'my $b = \"\\0\" x 512; $! = 0; my $r = syscall("
                + call
                + "); print $r == -1 ? $!+0 : 0'"));
  }

  @ParameterizedTest
  @CsvSource({
    "user, 246, 1", "privileged, 246, 1", // kexec_load
    "user, 320, 1", "privileged, 320, 1", // kexec_file_load
    "user, 304, 1", "privileged, 304, 1", // open_by_handle_at
    "user, 175, 1", "privileged, 175, 1", // init_module
    "user, 313, 1", "privileged, 313, 1", // finit_module
    "user, 176, 1", "privileged, 176, 1", // delete_module
    "user, 321, 1", "privileged, 321, 1", // bpf
    "user, 298, 1", "privileged, 298, 1", // perf_event_open
    "user, 227, 1", "privileged, 227, 1", // clock_settime
    "user, 167, 1", "privileged, 167, 1", // swapon
    "user, 250, 38", "privileged, 250, 38", // keyctl
    "user, 248, 38", "privileged, 248, 38", // add_key
  })
  void dangerousCallsAreRefused(String kind, int number, int expected) {
    assertThat(errno(of(kind), number + ", 0, 0, 0, 0, 0")).isEqualTo(expected);
    assertThat(expected).isIn(EPERM, ENOSYS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"user", "privileged"})
  void theSame32BitCallsAreRefused(String kind) {
    // kexec_load, bpf, open_by_handle_at and init_module by int 0x80, keyctl last.
    assertThat(i386(of(kind), 283)).isEqualTo(EPERM);
    assertThat(i386(of(kind), 357)).isEqualTo(EPERM);
    assertThat(i386(of(kind), 342)).isEqualTo(EPERM);
    assertThat(i386(of(kind), 128)).isEqualTo(EPERM);
    assertThat(i386(of(kind), 288)).isEqualTo(ENOSYS);
    assertThat(i386(of(kind), 20)).isZero(); // getpid works: it is the filter that answers above
  }

  /**
   * errno of a call through the 32-bit entry: a program of a few instructions, as no 32-bit library
   * is there. It clears the arguments, makes the call and exits with its negated result, or 0.
   */
  private static int i386(Guest guest, int number) {
    String code =
        "31db31c931d231f631ff" // xor of ebx, ecx, edx, esi, edi with themselves
            + "b8%02x%02x0000cd80"
                .formatted(number & 0xff, number >> 8) // mov eax, number; int 0x80
            + "31db85c07904" // xor ebx, ebx; test eax, eax; jns over the next two
            + "89c3f7db" // mov ebx, eax; neg ebx
            + "b801000000cd80"; // mov eax, exit; int 0x80
    String size = "%02x000000".formatted(HEADERS + code.length() / 2);
    String elf =
        "7f454c46010101"
            + "00".repeat(9) // 32 bit, little endian
            + "020003000100000054800408340000000000000000000000340020000100000000000000"
            + "01000000000000000080040800800408"
            + size
            + size
            + "0500000000100000";
    return Integer.parseInt(
        guest.text(
            "perl -e 'print pack(\"H*\", \""
                + elf
                + code
                + "\")' > /tmp/c;"
                + " chmod 755 /tmp/c; /tmp/c; echo $?"));
  }
}
