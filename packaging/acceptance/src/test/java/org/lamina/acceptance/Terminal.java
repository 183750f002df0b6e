package org.lamina.acceptance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.ProcessCalls;

/**
 * A terminal of the host with an interactive bash on it, in which the installed programs are on the
 * PATH and point at one {@link LaminaHost}. The prompt is {@code host:CODE>} with the exit code of
 * the last command.
 */
final class Terminal implements AutoCloseable {
  private static final Kernel KERNEL = Kernel.linux();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Fd master =
      KERNEL.files().open("/dev/ptmx", FileCalls.O_RDWR | FileCalls.O_NOCTTY, 0);
  private final String slave = "/dev/pts/" + KERNEL.terminals().unlock(master);
  private final Fd held = KERNEL.files().open(slave, FileCalls.O_RDWR | FileCalls.O_NOCTTY, 0);
  private final StringBuilder printed = new StringBuilder();
  private final int shell;
  private int seen;
  private volatile boolean closed;

  Terminal(LaminaHost host, int rows, int columns) {
    resize(rows, columns);
    Map<String, String> env = new HashMap<>(host.clientEnvironment());
    Path programs = LaminaHost.layout().resolve("usr/bin");
    env.put("PATH", programs + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
    env.put("TERM", "xterm-256color");
    env.put("PS1", "host:$?> ");
    env.put("HISTFILE", "/dev/null");
    env.put("HOME", "/root");
    shell =
        KERNEL
            .processes()
            .spawn(
                new ProcessCalls.Program(
                    List.of("/bin/bash", "--norc", "--noprofile", "-i"), env, List.of(), slave));
    Thread.ofPlatform().daemon().name("terminal").start(this::read);
    await("host:0> ");
  }

  private void read() {
    try {
      while (!closed) {
        if (KERNEL.processes().poll(new int[] {master.number()}, 50)[0]) {
          byte[] some = KERNEL.files().read(master, 65536);
          synchronized (printed) {
            printed.append(new String(some, StandardCharsets.UTF_8));
          }
        }
      }
    } catch (KernelException | IllegalStateException e) {
      closed = true;
    }
  }

  void resize(int rows, int columns) {
    KERNEL.terminals().resize(master, rows, columns);
  }

  /** Keys as the terminal sends them: Return is {@code \r}. */
  void type(String keys) {
    KERNEL.files().write(master, keys.getBytes(StandardCharsets.UTF_8));
  }

  /** Types a line and waits for what it makes appear; that must not be in the line itself. */
  Terminal ask(String line, String answer) {
    type(line + "\r");
    return await(answer);
  }

  /** Waits until a text appears after what was last waited for. */
  Terminal await(String text) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      synchronized (printed) {
        int at = printed.indexOf(text, seen);
        if (at >= 0) {
          seen = at + text.length();
          return this;
        }
        if (System.nanoTime() > end) {
          throw new AssertionError(
              "not on the terminal: "
                  + text
                  + "\nbut: "
                  + printed.substring(seen)
                  + "\nand before that: "
                  + printed.substring(Math.max(0, seen - 2000), seen));
        }
      }
      pause(5);
    }
  }

  /** Everything that appeared since the start. */
  String printed() {
    synchronized (printed) {
      return printed.toString();
    }
  }

  /** What appeared after what was last waited for. */
  String rest() {
    synchronized (printed) {
      return printed.substring(seen);
    }
  }

  /** The terminal's settings as stty shows them. */
  String settings() {
    try {
      Process stty =
          new ProcessBuilder("stty", "-a", "-F", slave).redirectErrorStream(true).start();
      return new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Process id of the client that runs on this terminal now. */
  long client() {
    return ProcessHandle.of(shell).orElseThrow().children().findFirst().orElseThrow().pid();
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Hangs up, as closing a terminal's window does. */
  @Override
  public void close() {
    closed = true;
    pause(60);
    held.close();
    master.close();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (KERNEL.processes().reap(shell) == null) {
      if (System.nanoTime() > end) {
        ProcessHandle.of(shell).ifPresent(ProcessHandle::destroyForcibly);
      }
      pause(5);
    }
  }
}
