package org.lamina.manager.cli.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.ProcessCalls;

/** A pseudo terminal of the host, with what was printed on it so far. */
final class Pty implements AutoCloseable {
  private static final Kernel KERNEL = Kernel.linux();
  final Fd master = KERNEL.files().open("/dev/ptmx", FileCalls.O_RDWR | FileCalls.O_NOCTTY, 0);
  final String slave = "/dev/pts/" + KERNEL.terminals().unlock(master);
  private final Fd held = KERNEL.files().open(slave, FileCalls.O_RDWR | FileCalls.O_NOCTTY, 0);
  private final StringBuilder printed = new StringBuilder();

  Pty(int rows, int columns) {
    resize(rows, columns);
  }

  void resize(int rows, int columns) {
    KERNEL.terminals().resize(master, rows, columns);
  }

  /** Collects what is printed, in a thread of its own. */
  Pty reading() {
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            while (true) {
              if (KERNEL.processes().poll(new int[] {master.number()}, 100)[0]) {
                byte[] some = KERNEL.files().read(master, 65536);
                append(new String(some, StandardCharsets.UTF_8));
              }
            }
          } catch (KernelException | IllegalStateException e) {
            append("");
          }
        });
    return this;
  }

  void type(String keys) {
    KERNEL.files().write(master, keys.getBytes(StandardCharsets.UTF_8));
  }

  private void append(String text) {
    synchronized (printed) {
      printed.append(text);
    }
  }

  String printed() {
    synchronized (printed) {
      return printed.toString();
    }
  }

  /** Waits until the text was printed, ten seconds at most. */
  void await(String text) throws InterruptedException {
    Instant end = Instant.now().plus(Duration.ofSeconds(10));
    while (!printed().contains(text)) {
      if (Instant.now().isAfter(end)) {
        throw new AssertionError("not printed: " + text + "\nbut: " + printed());
      }
      Thread.sleep(5);
    }
  }

  /** Runs a program with this as its controlling terminal. */
  Child spawn(Map<String, String> env, String... argv) {
    return new Child(
        KERNEL.processes().spawn(new ProcessCalls.Program(List.of(argv), env, List.of(), slave)));
  }

  /** The terminal's settings as stty shows them. */
  String settings() throws Exception {
    Process stty =
        new ProcessBuilder(new ArrayList<>(List.of("stty", "-a", "-F", slave)))
            .redirectErrorStream(true)
            .start();
    return new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    held.close();
    master.close();
  }
}
