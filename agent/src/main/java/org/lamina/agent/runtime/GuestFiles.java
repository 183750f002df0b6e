package org.lamina.agent.runtime;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.lamina.agent.network.ResolverText;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.KernelThread;
import org.lamina.schema.NetworkConfig;

/**
 * Writes the few files that a container manager owns inside a root file system which its
 * administrator controls. Nothing follows a link; files appear by rename, owned by the container's
 * root; what is a link or no regular file is replaced, never written through.
 */
final class GuestFiles {
  private static final int LIMIT = 64 * 1024;

  /** Answers that only what the container's root put there can cause. */
  private static final Set<Integer> THEIR_AFFAIR =
      Set.of(Errno.ENOENT, Errno.ELOOP, Errno.ENOTDIR, Errno.EISDIR, Errno.EPERM, Errno.EACCES);

  private final Kernel kernel;

  GuestFiles(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Puts a host name into /etc/hostname and /etc/hosts. */
  void setHostname(Fd root, int owner, String hostname) {
    KernelThread.run(
        "lamina-guest-files",
        () -> {
          kernel.files().actAs(owner, owner);
          try (Fd etc = kernel.files().locate(root, "etc", FileCalls.RESOLVE_STRICT)) {
            replace(etc, "hostname", hostname + "\n");
            replace(etc, "hosts", hosts(read(etc, "hosts").orElse(""), hostname));
          } catch (KernelException e) {
            // No /etc, or none that is a directory, or something in the way: whoever did that to
            // the container lives without.
            if (THEIR_AFFAIR.stream().noneMatch(e::is)) {
              throw e;
            }
          }
        });
  }

  /** The text with its 127.0.1.1 line, Debian's convention for a host's own name, set. */
  static String hosts(String before, String hostname) {
    int dot = hostname.indexOf('.');
    String line =
        "127.0.1.1\t" + (dot > 0 ? hostname + " " + hostname.substring(0, dot) : hostname);
    List<String> kept =
        before.lines().filter(l -> !l.startsWith("127.0.1.1")).collect(Collectors.toList());
    int local = 0;
    while (local < kept.size() && !kept.get(local).startsWith("127.0.0.1")) {
      local++;
    }
    if (local == kept.size()) {
      kept.addFirst("127.0.0.1\tlocalhost");
      local = 0;
    }
    kept.add(local + 1, line);
    return String.join("\n", kept) + "\n";
  }

  /** Tells the inside of its network, see {@link GuestNetwork}. */
  GuestNetwork.Asking setNetwork(Fd root, int owner, NetworkConfig network) {
    String resolver = ResolverText.ofHost();
    return KernelThread.call(
        "lamina-guest-files",
        () -> {
          kernel.files().actAs(owner, owner);
          try (Fd etc = kernel.files().locate(root, "etc", FileCalls.RESOLVE_STRICT)) {
            return new GuestNetwork(kernel, this, root, etc).write(network, resolver);
          } catch (KernelException e) {
            if (THEIR_AFFAIR.stream().noneMatch(e::is)) {
              throw e;
            }
            return GuestNetwork.Asking.NOBODY;
          }
        });
  }

  Optional<String> read(Fd directory, String name) {
    // O_NONBLOCK: a fifo in the file's place must not hold the daemon.
    try (Fd file =
        kernel
            .files()
            .openBeneath(
                directory,
                name,
                FileCalls.O_RDONLY | FileCalls.O_NONBLOCK,
                0,
                FileCalls.RESOLVE_STRICT)) {
      if (!kernel.files().stat(file).isRegular()) {
        return Optional.empty();
      }
      return Optional.of(new String(kernel.files().read(file, LIMIT), StandardCharsets.UTF_8));
    } catch (KernelException e) {
      return Optional.empty();
    }
  }

  void replace(Fd directory, String name, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (read(directory, name)
        .map(now -> Arrays.equals(now.getBytes(StandardCharsets.UTF_8), bytes))
        .orElse(false)) {
      return;
    }
    String next = "." + name + ".lamina";
    try {
      kernel.files().unlink(directory, next);
    } catch (KernelException e) {
      if (!e.is(Errno.ENOENT)) {
        throw e;
      }
    }
    try (Fd file =
        kernel
            .files()
            .openBeneath(
                directory,
                next,
                FileCalls.O_CREAT | FileCalls.O_EXCL | FileCalls.O_WRONLY,
                0644,
                FileCalls.RESOLVE_STRICT)) {
      kernel.files().chmod(file, 0644);
      kernel.files().write(file, bytes);
    }
    try {
      kernel.files().rename(directory, next, name);
    } catch (KernelException e) {
      kernel.files().unlink(directory, next);
      // A directory in the file's place is the container's own affair.
      if (!e.is(Errno.EISDIR)) {
        throw e;
      }
    }
  }
}
