package org.lamina.agent.runtime;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits for all descriptors of interest: process descriptors and notification
 * sockets. Handlers run on it and must not block. Thread safe.
 */
final class EventLoop {
  private static final Logger log = LoggerFactory.getLogger(EventLoop.class);

  private final Kernel kernel;
  private final Fd wakeRead;
  private final Fd wakeWrite;
  private final Map<Fd, Runnable> handlers = new ConcurrentHashMap<>();

  EventLoop(Kernel kernel) {
    this.kernel = kernel;
    Fd[] pipe = kernel.files().pipe();
    this.wakeRead = pipe[0];
    this.wakeWrite = pipe[1];
    Thread thread = new Thread(null, this::run, "lamina-events", 256 * 1024);
    thread.setDaemon(true);
    thread.start();
  }

  /** Calls the handler whenever the descriptor is readable or hung up, until it is removed. */
  void add(Fd fd, Runnable handler) {
    handlers.put(fd, handler);
    wake();
  }

  /** Forgets the descriptor and closes it; safe from within its handler and twice. */
  void remove(Fd fd) {
    if (handlers.remove(fd) != null) {
      wake();
      fd.close();
    }
  }

  private void wake() {
    kernel.files().write(wakeWrite, new byte[] {1});
  }

  private void run() {
    while (true) {
      List<Fd> watched = List.copyOf(handlers.keySet());
      int[] numbers = new int[watched.size() + 1];
      int count = 0;
      numbers[count++] = wakeRead.number();
      for (Fd fd : watched) {
        // A negative number is skipped by poll(2): closed since the copy was made.
        numbers[count++] = handlers.containsKey(fd) ? numberOf(fd) : -1;
      }
      boolean[] ready = kernel.processes().poll(numbers, -1);
      if (ready[0]) {
        kernel.files().read(wakeRead, 4096);
      }
      for (int i = 0; i < watched.size(); i++) {
        Runnable handler = ready[i + 1] ? handlers.get(watched.get(i)) : null;
        if (handler != null) {
          call(handler);
        }
      }
    }
  }

  private static int numberOf(Fd fd) {
    try {
      return fd.number();
    } catch (IllegalStateException closed) {
      return -1;
    }
  }

  private static void call(Runnable handler) {
    try {
      handler.run();
    } catch (RuntimeException e) {
      // One container's trouble must not end the watch over all the others.
      log.error("event handler failed", e);
    }
  }
}
