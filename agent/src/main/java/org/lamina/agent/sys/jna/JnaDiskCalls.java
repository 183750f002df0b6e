package org.lamina.agent.sys.jna;

import static org.lamina.agent.sys.jna.LibC.C;
import static org.lamina.agent.sys.jna.LibC.call;
import static org.lamina.agent.sys.jna.LibC.check;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.lamina.agent.sys.DiskCalls;
import org.lamina.agent.sys.Fd;

final class JnaDiskCalls implements DiskCalls {
  private static final int RENAME_EXCHANGE = 2;

  @Override
  public ByteBuffer control(Fd fd, String what, long request, ByteBuffer argument) {
    try (Memory memory = copy(argument)) {
      check(C.ioctl(fd.number(), new NativeLong(request), memory), what);
      return copy(memory);
    }
  }

  @Override
  public void control(Fd fd, String what, long request, long argument) {
    check(C.ioctl(fd.number(), new NativeLong(request), new NativeLong(argument)), what);
  }

  @Override
  public ByteBuffer quota(Fd fd, String what, int command, int id, ByteBuffer argument) {
    try (Memory memory = copy(argument)) {
      call(
          what,
          Abi.QUOTACTL_FD,
          fd.number(),
          new NativeLong(((long) command << 8 | PROJECT_QUOTA) & 0xffffffffL),
          new NativeLong(id & 0xffffffffL),
          memory);
      return copy(memory);
    }
  }

  private static Memory copy(ByteBuffer structure) {
    byte[] bytes = new byte[structure.capacity()];
    structure.get(0, bytes);
    Memory memory = new Memory(bytes.length);
    memory.write(0, bytes, 0, bytes.length);
    return memory;
  }

  private static ByteBuffer copy(Memory memory) {
    return ByteBuffer.wrap(memory.getByteArray(0, (int) memory.size()))
        .order(ByteOrder.nativeOrder());
  }

  /** struct statfs of 64-bit systems: eight words in front, in this order. */
  @Override
  public Space space(Fd fd) {
    try (Memory statfs = new Memory(256)) {
      check(C.fstatfs(fd.number(), statfs), "fstatfs " + fd);
      long block = statfs.getLong(8);
      return new Space(
          statfs.getLong(0),
          statfs.getLong(16) * block,
          statfs.getLong(24) * block,
          statfs.getLong(32) * block,
          statfs.getLong(40),
          statfs.getLong(48));
    }
  }

  @Override
  public void exchange(Fd directory, String one, String other) {
    try (Memory from = LibC.string(one);
        Memory to = LibC.string(other)) {
      call(
          "exchange " + one + " and " + other,
          Abi.HOST.renameat2(),
          directory.number(),
          from,
          directory.number(),
          to,
          RENAME_EXCHANGE);
    }
  }
}
