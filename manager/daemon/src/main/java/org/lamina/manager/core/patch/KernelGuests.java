package org.lamina.manager.core.patch;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.ContainerRuntime;
import org.lamina.agent.ExecHandle;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.LaunchSpec;
import org.lamina.agent.RunningContainer;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.KernelException;
import org.lamina.manager.core.Descriptors;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.patch.GenerationDiff;

/** Works inside containers of this kernel. */
public final class KernelGuests implements Guests {
  private static final int SIGKILL = 9;

  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "HOME", "/root",
          "LC_ALL", "C.UTF-8");

  private final Descriptors descriptors;
  private final ContainerRuntime runtime;
  private final FileCalls files;
  private final StaleScan scan;

  public KernelGuests(Descriptors descriptors, ContainerRuntime runtime, FileCalls files) {
    this.descriptors = descriptors;
    this.runtime = runtime;
    this.files = files;
    this.scan = new StaleScan(Path.of("/proc"));
  }

  @Override
  public Optional<PackageLock> lockPackages(RunningContainer running, List<String> locks) {
    List<FileChannel> held = new ArrayList<>();
    PackageLock lock = () -> held.reversed().forEach(KernelGuests::close);
    boolean all = false;
    try (Fd root = files.openDirectory("/proc/" + running.initPid() + "/root")) {
      for (String path : locks) {
        if (!take(root, path, held)) {
          return Optional.empty();
        }
      }
      all = true;
      return Optional.of(lock);
    } finally {
      if (!all) {
        lock.close();
      }
    }
  }

  /** False if somebody has it. */
  private boolean take(Fd root, String path, List<FileChannel> held) {
    Fd fd;
    try {
      fd = files.openBeneath(root, path, FileCalls.O_RDWR, 0, FileCalls.RESOLVE_IN_ROOT);
    } catch (KernelException e) {
      // without that file there is no package manager that could be at work
      return true;
    }
    try (fd) {
      FileChannel channel = FileChannel.open(Path.of(fd.procPath()), StandardOpenOption.WRITE);
      held.add(channel);
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      throw new LaminaException(
          ExitCode.SYSTEM, "cannot lock /" + path + " of a container: " + e.getMessage(), null, e);
    }
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // the kernel lets the lock go with the descriptor, whatever close says
      return;
    }
  }

  @Override
  public Answer run(RunningContainer running, List<String> argv, Duration patience) {
    return run(running::exec, argv, patience);
  }

  @Override
  public Answer runStopped(LaunchSpec spec, List<String> argv, Duration patience) {
    return run(command -> runtime.runOnce(spec, command), argv, patience);
  }

  private Answer run(Function<ExecSpec, ExecHandle> runner, List<String> argv, Duration patience) {
    try (Fd in = descriptors.input(new byte[0]);
        Descriptors.Capture output = descriptors.capture()) {
      ExecHandle handle =
          runner.apply(
              new ExecSpec(
                  limited(argv),
                  ENVIRONMENT,
                  new ExecSpec.Stdio(in, output.sink(), output.sink()),
                  ExecSpec.TerminalSize.DEFAULT));
      int code = await(handle, patience);
      return new Answer(code, output.text().strip());
    }
  }

  /**
   * The command with its own exit code and the first 3500 bytes of what it says: a pipe holds 64
   * KiB, and what a tool says beyond that must not stop it.
   */
  private static List<String> limited(List<String> argv) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "/bin/sh",
                "-c",
                "{ { \"$@\" 2>&1; echo $? >&3; } | { head -c 3500 >&4; cat >/dev/null; }; }"
                    + " 3>&1 4>&2 | { read -r code; exit \"$code\"; }",
                "sh"));
    words.addAll(argv);
    return words;
  }

  private static int await(ExecHandle handle, Duration patience) {
    @Nullable Throwable cause;
    try {
      return handle.exit().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      handle.signal(SIGKILL);
      return -1;
    } catch (ExecutionException e) {
      cause = e.getCause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      handle.signal(SIGKILL);
      cause = e;
    }
    throw new LaminaException(
        ExitCode.EXEC_FAILED, "a command inside a container was lost: " + cause, null, cause);
  }

  @Override
  public List<StaleProcess> stale(RunningContainer running, GenerationDiff diff) {
    return scan.scan(running.initPid(), diff);
  }
}
