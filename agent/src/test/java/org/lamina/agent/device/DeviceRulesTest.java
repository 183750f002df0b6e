package org.lamina.agent.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.schema.GuestAccess;

class DeviceRulesTest {
  @ParameterizedTest
  @CsvSource({
    "char, read, 1, 3, true",
    "char, write, 1, 3, true",
    "char, read, 1, 1, false", // mem
    "char, read, 136, 0, true",
    "char, write, 5, 1, false", // the console of the host
    "char, read, 136, 4096, true",
    "char, read, 10, 229, false", // fuse
    "char, mknod, 10, 229, true",
    "block, mknod, 8, 0, true",
    "block, read, 8, 0, false",
    "block, write, 1, 3, false", // the numbers of null, but a disk
    "char, readmknod, 8, 0, false",
  })
  void standard_deniesAllButWhatALinuxSystemNeeds(
      String type, String access, int major, int minor, boolean allowed) {
    int bits =
        switch (access) {
          case "mknod" -> 1;
          case "read" -> 2;
          case "write" -> 4;
          default -> 3;
        };
    int word = bits << 16 | (type.equals("block") ? 1 : 2);
    assertThat(run(DeviceRules.STANDARD.program(), word, major, minor)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "2, 2, 10, 200, true", // tun, reading and writing
    "2, 6, 10, 200, true",
    "2, 2, 10, 229, true", // fuse, reading only
    "2, 4, 10, 229, false",
    "2, 6, 10, 229, false",
    "2, 3, 10, 229, true", // made and read
    "1, 2, 7, 5, true", // every loop device, reading only
    "1, 4, 7, 0, false",
    "2, 2, 7, 0, false", // a character device of that number
    "1, 4, 8, 1, true", // writing only
    "1, 2, 8, 1, false",
    "1, 4, 8, 2, false",
    "2, 6, 1, 3, true",
  })
  void more_isAllowedAsItSays(int type, int access, int major, int minor, boolean allowed) {
    DeviceRules rules =
        DeviceRules.standardAnd(GuestAccess.devices("c:10:200:rw c:10:229:r b:7:all:r b:8:1:w"));
    assertThat(run(rules.program(), access << 16 | type, major, minor)).isEqualTo(allowed);
  }

  @Test
  void numbersOfDevicesAreTakenApartAsTheLibraryDoes() {
    assertThat(HostDevice.major(0x0ac8)).isEqualTo(10);
    assertThat(HostDevice.minor(0x0ac8)).isEqualTo(200);
    assertThat(HostDevice.minor(0x12300a05L)).isEqualTo(0x12305);
  }

  /** As much of the kernel's machine as the program uses. */
  private static boolean run(byte[] program, int... context) {
    ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
    long[] r = new long[11];
    for (int pc = 0; ; pc++) {
      int opcode = code.get(pc * 8) & 0xff;
      int target = code.get(pc * 8 + 1) & 0xf;
      int source = code.get(pc * 8 + 1) >> 4 & 0xf;
      int offset = code.getShort(pc * 8 + 2);
      int immediate = code.getInt(pc * 8 + 4);
      switch (opcode) {
        case 0x61 -> r[target] = Integer.toUnsignedLong(context[offset / 4]);
        case 0xbf -> r[target] = r[source];
        case 0xb7 -> r[target] = immediate;
        case 0x57 -> r[target] &= immediate;
        case 0x77 -> r[target] >>>= immediate;
        case 0x15 -> pc += r[target] == immediate ? offset : 0;
        case 0x55 -> pc += r[target] != immediate ? offset : 0;
        case 0x95 -> {
          return r[0] == 1;
        }
        default -> throw new AssertionError("opcode " + opcode);
      }
    }
  }
}
