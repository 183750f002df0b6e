package org.lamina.agent.runtime;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that waits for all descriptors of interest: process descriptors and notification
 * sockets, some three for each container. What it costs depends on how many are ready and not on
 * how many there are. Handlers run on it and must not block. Thread safe.
 */
final class EventLoop {
  private static final Logger log = LoggerFactory.getLogger(EventLoop.class);

  private final Kernel kernel;
  private final Fd epoll;

  /** By tokens that are never used again: a number may belong to another descriptor by now. */
  private final Map<Long, Runnable> handlers = new ConcurrentHashMap<>();

  private final Map<Fd, Long> tokens = new ConcurrentHashMap<>();
  private final AtomicLong lastToken = new AtomicLong();

  EventLoop(Kernel kernel) {
    this.kernel = kernel;
    this.epoll = kernel.processes().epoll();
    Thread thread = new Thread(null, this::run, "lamina-events", 256 * 1024);
    thread.setDaemon(true);
    thread.start();
  }

  /** Calls the handler whenever the descriptor is readable or hung up, until it is removed. */
  void add(Fd fd, Runnable handler) {
    long token = lastToken.incrementAndGet();
    handlers.put(token, handler);
    tokens.put(fd, token);
    try {
      kernel.processes().watch(epoll, fd, token);
    } catch (RuntimeException e) {
      tokens.remove(fd);
      handlers.remove(token);
      throw e;
    }
  }

  /** Forgets the descriptor and closes it; safe from within its handler and twice. */
  void remove(Fd fd) {
    Long token = tokens.remove(fd);
    if (token != null) {
      handlers.remove(token);
      kernel.processes().unwatch(epoll, fd);
      fd.close();
    }
  }

  private void run() {
    while (true) {
      for (long token : kernel.processes().await(epoll)) {
        Runnable handler = handlers.get(token);
        if (handler != null) {
          call(handler);
        }
      }
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
