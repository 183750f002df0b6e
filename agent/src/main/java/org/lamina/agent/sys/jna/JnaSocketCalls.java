package org.lamina.agent.sys.jna;

import static org.lamina.agent.sys.jna.LibC.C;
import static org.lamina.agent.sys.jna.LibC.check;
import static org.lamina.agent.sys.jna.LibC.own;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.SocketCalls;

final class JnaSocketCalls implements SocketCalls {
  private static final int AF_UNIX = 1;
  private static final int AF_INET = 2;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 02000000;
  private static final int SOCK_NONBLOCK = 04000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_PASSCRED = 16;
  private static final int SCM_RIGHTS = 1;
  private static final int SCM_CREDENTIALS = 2;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SUN_PATH_BYTES = 108;
  private static final int DATAGRAM_BYTES = 4096;
  private static final int CONTROL_BYTES = 1024;
  private static final long SIOCGIFFLAGS = 0x8913;
  private static final long SIOCSIFFLAGS = 0x8914;
  private static final int IFF_UP = 1;

  /** struct cmsghdr on 64-bit: length (8), level (4), type (4), data; aligned to 8. */
  private static final int CMSG_HEADER_BYTES = 16;

  @Override
  public Fd bindDatagram(String path) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    if (name.length >= SUN_PATH_BYTES) {
      throw new IllegalArgumentException("socket path is longer than 107 bytes: " + path);
    }
    Fd socket =
        own(check(C.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), "socket"));
    try (Memory address = new Memory(2 + SUN_PATH_BYTES);
        Memory on = new Memory(4)) {
      address.clear();
      address.setShort(0, (short) AF_UNIX);
      address.write(2, name, 0, name.length);
      on.setInt(0, 1);
      check(C.setsockopt(socket.number(), SOL_SOCKET, SO_PASSCRED, on, 4), "SO_PASSCRED");
      check(C.bind(socket.number(), address, (int) address.size()), "bind " + path);
      return socket;
    } catch (RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  @Override
  public @Nullable Datagram receive(Fd socket) {
    try (Memory data = new Memory(DATAGRAM_BYTES);
        Memory control = new Memory(CONTROL_BYTES);
        Memory vector = new Memory(16);
        Memory message = new Memory(56)) {
      describe(message, vector, data, data.size(), control, control.size());
      long n = C.recvmsg(socket.number(), message, MSG_CMSG_CLOEXEC).longValue();
      if (n == -1) {
        int errno = Native.getLastError();
        if (errno == Errno.EAGAIN || errno == Errno.EINTR) {
          return null;
        }
        throw LibC.failure("recvmsg", errno);
      }
      int sender = readControl(control, message.getLong(40));
      return new Datagram(
          sender, new String(data.getByteArray(0, (int) n), StandardCharsets.UTF_8));
    }
  }

  /** Closes passed descriptors and returns the sender's process id, 0 if unknown. */
  private static int readControl(Memory control, long length) {
    int sender = 0;
    long at = 0;
    while (at + CMSG_HEADER_BYTES <= length) {
      long size = control.getLong(at);
      if (size < CMSG_HEADER_BYTES || at + size > length) {
        break;
      }
      int type = control.getInt(at + 12);
      if (type == SCM_CREDENTIALS) {
        sender = control.getInt(at + CMSG_HEADER_BYTES);
      } else if (type == SCM_RIGHTS) {
        for (long p = at + CMSG_HEADER_BYTES; p + 4 <= at + size; p += 4) {
          C.close(control.getInt(p));
        }
      }
      at += (size + 7) / 8 * 8;
    }
    return sender;
  }

  @Override
  public void sendDescriptor(Fd socket, Fd descriptor) {
    try (Memory data = new Memory(1);
        Memory control = new Memory(24);
        Memory vector = new Memory(16);
        Memory message = new Memory(56)) {
      data.setByte(0, (byte) 'f');
      control.clear();
      control.setLong(0, CMSG_HEADER_BYTES + 4);
      control.setInt(8, SOL_SOCKET);
      control.setInt(12, SCM_RIGHTS);
      control.setInt(16, descriptor.number());
      describe(message, vector, data, 1, control, 24);
      check(C.sendmsg(socket.number(), message, MSG_NOSIGNAL), "send a descriptor");
    }
  }

  /** struct msghdr on 64-bit Linux with one iovec. */
  private static void describe(
      Memory message, Memory vector, Memory data, long length, Memory control, long controlLength) {
    message.clear();
    vector.setPointer(0, data);
    vector.setLong(8, length);
    message.setPointer(16, vector);
    message.setLong(24, 1);
    message.setPointer(32, control);
    message.setLong(40, controlLength);
  }

  @Override
  public void bringLoopbackUp() {
    try (Fd socket = own(check(C.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket"));
        Memory request = new Memory(40)) {
      request.clear();
      request.setString(0, "lo");
      check(C.ioctl(socket.number(), new NativeLong(SIOCGIFFLAGS), request), "flags of lo");
      request.setShort(16, (short) (request.getShort(16) | IFF_UP));
      check(C.ioctl(socket.number(), new NativeLong(SIOCSIFFLAGS), request), "set lo up");
    }
  }
}
