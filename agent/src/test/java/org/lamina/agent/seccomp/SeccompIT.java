package org.lamina.agent.seccomp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The running kernel loads the filter and answers by it. Needs root; made for x86_64 hosts. */
class SeccompIT {
  /** Installs the program given in hexadecimal, then runs what is left of the script. */
  private static final String INSTALL =
      """
      my $program = pack('H*', shift);
      my $fprog = pack('S x6 P', length($program) / 8, $program);
      syscall(157, 22, 2, $fprog, 0, 0) == 0 or die "filter: $!";
      """;

  @TempDir Path temp;

  @Test
  void theKernelAnswersByTheFilter() throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"));
    String script =
        INSTALL
            + """
            for my $call ([246, 0, 0, 0, 0], [321, 0, 0, 0], [250, 0, 0], [304, 0, 0, 0],
                [41, 16, 3, 9], [41, 16, 3, 0], [16, 0, 0x5412, 0], [165, 0, 0, 0, 0, 0],
                [0x40000000 | 39], [39], [166, 0, 1], [9999]) {
              my ($number, @args) = @$call;
              $! = 0;
              my $result = syscall($number, @args);
              print "$number ", ($result < 0 ? $! + 0 : 'ok'), "\\n";
            }
            """;
    assertThat(perl(script))
        .containsExactly(
            "246 1",
            "321 1",
            "250 38",
            "304 1",
            "41 97",
            "41 ok",
            "16 1",
            "165 14", // mount goes through to the kernel, which finds a null pointer
            "1073741863 38",
            "39 ok",
            "166 1",
            "9999 38");
  }

  @Test
  void the32BitAbiOfTheSameKernelIsFilteredToo() throws Exception {
    assumeTrue(System.getProperty("os.arch").equals("amd64"));
    Path kexec = program32(283);
    Path getpid = program32(20);
    assumeTrue(exitCode(List.of(getpid.toString())) != 126, "this kernel runs no 32-bit programs");
    // The real call refuses the null arguments by another error, or does nothing.
    assertThat(exitCode(filtered(kexec))).isEqualTo(1);
    assertThat(exitCode(filtered(program32(288)))).isEqualTo(38);
    assertThat(exitCode(filtered(program32(404)))).isEqualTo(1);
    // clock_gettime64 with a bad clock: EINVAL, from the kernel itself
    assertThat(exitCode(filtered(program32(403)))).isEqualTo(22);
  }

  private static List<String> filtered(Path program) {
    return List.of(
        "perl",
        "-e",
        INSTALL + "exec @ARGV or exit 126;",
        HexFormat.of().formatHex(SeccompProgram.CONTAINER.encode()),
        program.toString());
  }

  private static List<String> perl(String script) throws Exception {
    Process process =
        new ProcessBuilder(
                "perl", "-e", script, HexFormat.of().formatHex(SeccompProgram.CONTAINER.encode()))
            .redirectErrorStream(true)
            .start();
    List<String> lines = new ArrayList<>();
    process.inputReader(StandardCharsets.UTF_8).lines().forEach(lines::add);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return lines;
  }

  private static int exitCode(List<String> command) throws Exception {
    try {
      Process process = new ProcessBuilder(command).inheritIO().start();
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } catch (IOException e) {
      return 126;
    }
  }

  /**
   * A whole 32-bit program: one system call with first argument -1 and others 0, then exit with the
   * error number it gave.
   */
  private Path program32(int number) throws IOException {
    byte[] code =
        HexFormat.of()
            .parseHex(
                "b8"
                    + le32(number) // mov eax, number
                    + "bbffffffff" // mov ebx, -1
                    + "31c931d231f631ff" // xor ecx, edx, esi, edi
                    + "cd80" // int 0x80
                    + "f7d8" // neg eax
                    + "89c3" // mov ebx, eax
                    + "b801000000" // mov eax, 1 (exit)
                    + "cd80");
    int base = 0x0804_8000;
    ByteBuffer elf = ByteBuffer.allocate(84 + code.length).order(ByteOrder.LITTLE_ENDIAN);
    elf.put(HexFormat.of().parseHex("7f454c46010101000000000000000000"));
    elf.putShort((short) 2).putShort((short) 3).putInt(1).putInt(base + 84).putInt(52).putInt(0);
    elf.putInt(0).putShort((short) 52).putShort((short) 32).putShort((short) 1);
    elf.putShort((short) 0).putShort((short) 0).putShort((short) 0);
    elf.putInt(1).putInt(0).putInt(base).putInt(base);
    elf.putInt(84 + code.length).putInt(84 + code.length).putInt(5).putInt(4096);
    elf.put(code);
    Path program = temp.resolve("call-" + number);
    Files.write(program, elf.array());
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  private static String le32(int value) {
    return HexFormat.of()
        .formatHex(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
  }
}
