package org.lamina.agent.sys.jna;

import static org.lamina.agent.sys.jna.LibC.C;
import static org.lamina.agent.sys.jna.LibC.check;
import static org.lamina.agent.sys.jna.LibC.own;

import com.sun.jna.Memory;
import com.sun.jna.NativeLong;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.TerminalCalls;

final class JnaTerminalCalls implements TerminalCalls {
  private static final long TCGETS = 0x5401;
  private static final long TIOCSWINSZ = 0x5414;
  private static final long TIOCGPTN = 0x80045430L;
  private static final long TIOCSPTLCK = 0x40045431;
  private static final long TIOCGPTPEER = 0x5441;
  private static final int O_RDWR_NOCTTY_CLOEXEC = 02 | 0400 | 02000000;

  @Override
  public int unlock(Fd master) {
    try (Memory number = new Memory(4)) {
      number.setInt(0, 0);
      check(C.ioctl(master.number(), new NativeLong(TIOCSPTLCK), number), "unlock pty");
      check(C.ioctl(master.number(), new NativeLong(TIOCGPTN), number), "pty number");
      return number.getInt(0);
    }
  }

  @Override
  public Fd openPeer(Fd master) {
    return own(
        check(
            C.ioctl(
                master.number(),
                new NativeLong(TIOCGPTPEER),
                new NativeLong(O_RDWR_NOCTTY_CLOEXEC)),
            "open the pty's other end"));
  }

  @Override
  public void resize(Fd master, int rows, int columns) {
    try (Memory size = new Memory(8)) {
      size.clear();
      size.setShort(0, (short) rows);
      size.setShort(2, (short) columns);
      check(C.ioctl(master.number(), new NativeLong(TIOCSWINSZ), size), "resize pty");
    }
  }

  @Override
  public boolean isTerminal(Fd fd) {
    try (Memory termios = new Memory(128)) {
      return C.ioctl(fd.number(), new NativeLong(TCGETS), termios) == 0;
    }
  }
}
