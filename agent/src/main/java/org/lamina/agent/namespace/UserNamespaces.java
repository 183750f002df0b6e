package org.lamina.agent.namespace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.ProcessCalls;
import org.lamina.schema.ExitCode;
import org.lamina.schema.IdRange;
import org.lamina.schema.LaminaException;

/**
 * User namespaces by id range. A namespace lives as long as this object holds its descriptor, so a
 * second start of a container costs nothing. Thread safe.
 */
public final class UserNamespaces {
  private static final int REPORT_MILLIS = 60_000;

  private final Kernel kernel;
  private final Map<IdRange, Fd> namespaces = new ConcurrentHashMap<>();

  public UserNamespaces(Kernel kernel) {
    this.kernel = kernel;
  }

  /** The namespace that maps the container's ids 0..65535 to this range; not for privileged. */
  public Fd of(IdRange ids) {
    if (ids.privileged()) {
      throw new IllegalArgumentException("a privileged container has no user namespace");
    }
    return namespaces.computeIfAbsent(ids, this::create);
  }

  private Fd create(IdRange ids) {
    Fd[] go = kernel.files().pipe();
    Fd[] report = kernel.files().pipe();
    int pid;
    try (Fd goRead = go[0];
        Fd reportWrite = report[1];
        Fd nothing = kernel.files().open("/dev/null", FileCalls.O_RDWR, 0)) {
      pid =
          kernel
              .processes()
              .spawn(
                  new ProcessCalls.Program(
                      List.of(
                          "/usr/bin/unshare",
                          "--user",
                          "--",
                          "/bin/sh",
                          "-c",
                          "echo up; read -r line <&3"),
                      Map.of(),
                      List.of(nothing, reportWrite, nothing, goRead),
                      null));
    } catch (RuntimeException e) {
      go[1].close();
      report[0].close();
      throw e;
    }
    try (Fd goWrite = go[1];
        Fd reportRead = report[0]) {
      if (!kernel.processes().poll(new int[] {reportRead.number()}, REPORT_MILLIS)[0]
          || kernel.files().read(reportRead, 16).length == 0) {
        throw new LaminaException(
            ExitCode.NO_KERNEL_SUPPORT,
            "cannot make a user namespace for ids from " + ids.base(),
            "Check sysctl user.max_user_namespaces and that unshare(1) is installed.");
      }
      Path proc = Path.of("/proc", Integer.toString(pid));
      String map = "0 " + ids.base() + " " + IdRange.SIZE + "\n";
      Files.writeString(proc.resolve("uid_map"), map);
      Files.writeString(proc.resolve("gid_map"), map);
      return kernel.files().open(proc + "/ns/user", FileCalls.O_RDONLY, 0);
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.ENVIRONMENT_FAILED,
          "cannot map ids from " + ids.base() + " into a user namespace: " + e.getMessage(),
          null,
          e);
    } finally {
      reap(pid);
    }
  }

  private void reap(int pid) {
    try (Fd pidfd = kernel.processes().pidfd(pid)) {
      kernel.processes().signal(pidfd, ProcessCalls.SIGKILL);
      kernel.processes().poll(new int[] {pidfd.number()}, REPORT_MILLIS);
      kernel.processes().reap(pid);
    } catch (KernelException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
  }
}
