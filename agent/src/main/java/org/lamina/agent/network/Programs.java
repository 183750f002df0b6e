package org.lamina.agent.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.KernelThread;
import org.lamina.agent.sys.MountCalls;
import org.lamina.agent.sys.ProcessCalls;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/**
 * Starts programs of the host side by side. Each is one process: spawned without a helper, in
 * another network namespace by a thread that enters it first, its input and output in files of
 * memory so that nobody has to feed or drain it. Thread safe.
 *
 * @param ends completes with the exit code when a child has ended, whatever else waits
 */
record Programs(Kernel kernel, IntFunction<CompletableFuture<Integer>> ends) {
  /**
   * None of these programs waits for anything. But the first one of a host's boot has the kernel
   * load modules, in a crowd of starts and on a slow disk: half a minute was seen to be too short.
   */
  private static final int PATIENCE_SECONDS = 300;

  private static final Map<String, String> ENVIRONMENT =
      Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C");

  /**
   * @param argv begins with an absolute path
   * @param input what it reads
   * @param namespace file of the network namespace to run in; null for this program's own
   */
  Started start(List<String> argv, String input, @Nullable Path namespace) {
    try (Fd in = memoryFile("input")) {
      Files.writeString(Path.of(in.procPath()), input);
      Fd out = memoryFile("output");
      try {
        var program = new ProcessCalls.Program(argv, ENVIRONMENT, List.of(in, out, out), null);
        int pid = namespace == null ? spawn(program) : spawnInside(namespace, program);
        return new Started(kernel, argv, out, kernel.processes().pidfd(pid), ends.apply(pid));
      } catch (RuntimeException e) {
        out.close();
        throw e;
      }
    } catch (IOException | KernelException e) {
      throw failed(argv, String.valueOf(e.getMessage()));
    }
  }

  private Fd memoryFile(String name) {
    return kernel.files().memoryFile("lamina-" + name);
  }

  private int spawn(ProcessCalls.Program program) {
    return kernel.processes().spawn(program);
  }

  private int spawnInside(Path namespace, ProcessCalls.Program program) {
    try (Fd net = kernel.files().open(namespace.toString(), 0, 0)) {
      return KernelThread.call(
          "network",
          () -> {
            kernel.mounts().enter(net, MountCalls.NEW_NET);
            return spawn(program);
          });
    }
  }

  /** A program that was started; {@link #finish} has to be called. */
  record Started(
      Kernel kernel, List<String> argv, Fd output, Fd process, CompletableFuture<Integer> end) {

    /** Waits for its end. */
    Tools.Result finish() {
      try (output;
          process) {
        return new Tools.Result(
            code(), new String(Files.readAllBytes(Path.of(output.procPath())), UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private int code() {
      try {
        return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        kill();
        throw failed(argv, "it did not end in " + PATIENCE_SECONDS + " s");
      } catch (InterruptedException e) {
        kill();
        Thread.currentThread().interrupt();
        throw failed(argv, "interrupted");
      } catch (ExecutionException e) {
        throw failed(argv, String.valueOf(e.getCause()));
      }
    }

    private void kill() {
      try {
        kernel.processes().signal(process, ProcessCalls.SIGKILL);
      } catch (KernelException e) {
        if (!e.is(Errno.ESRCH)) {
          throw e;
        }
      }
    }
  }

  private static LaminaException failed(List<String> argv, String why) {
    return new LaminaException(
        ExitCode.CANNOT_ADD_IP, "cannot run " + String.join(" ", argv) + ": " + why);
  }
}
