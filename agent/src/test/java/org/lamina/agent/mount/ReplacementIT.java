package org.lamina.agent.mount;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.sys.Errno;
import org.lamina.agent.sys.Fd;
import org.lamina.agent.sys.FileCalls;
import org.lamina.agent.sys.Kernel;
import org.lamina.agent.sys.KernelException;
import org.lamina.agent.sys.KernelThread;
import org.lamina.agent.sys.MountCalls;

/** A mount takes the place of another one where it was and where it was propagated; needs root. */
class ReplacementIT {
  /** A mount on a shared one, and a namespace of a "service" that follows by propagation. */
  private static final String STAGE =
      """
      mount --bind "$0" "$0" && mount --make-shared "$0" && mkdir "$0/tree" || exit
      mount -t tmpfs before "$0/tree" && echo before >"$0/tree/file" || exit
      unshare --mount --propagation slave sh -c 'echo $$; read -r end'
      : the first namespace stays as well
      """;

  private final Kernel linux = Kernel.linux();

  @TempDir Path directory;
  private Process stage;
  private List<Integer> inside;

  @BeforeEach
  void mount() throws IOException {
    stage =
        new ProcessBuilder(
                "unshare",
                "--mount",
                "--propagation",
                "private",
                "sh",
                "-c",
                STAGE,
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line = new BufferedReader(stage.inputReader(UTF_8)).readLine();
    inside = List.of((int) stage.pid(), Integer.parseInt(line));
  }

  @AfterEach
  void end() throws Exception {
    stage.getOutputStream().close();
    assertThat(stage.waitFor()).isNotNegative();
  }

  @Test
  void replace_showsTheNewMountEverywhere() {
    replace(linux);
    assertThat(inside).allSatisfy(pid -> assertThat(seen(pid)).isEqualTo("after"));
  }

  @Test
  void replace_worksOnKernelsThatCannotMountBeneath() {
    replace(withoutMountBeneath());
    assertThat(inside).allSatisfy(pid -> assertThat(seen(pid)).isEqualTo("after"));
  }

  private void replace(Kernel kernel) {
    KernelThread.run(
        "test",
        () -> {
          try (Fd namespace =
                  linux
                      .files()
                      .open("/proc/" + inside.getFirst() + "/ns/mnt", FileCalls.O_RDONLY, 0);
              Fd mount = linux.mounts().mountDetached("tmpfs", "after", List.of(), 0);
              Fd file =
                  linux
                      .files()
                      .openBeneath(
                          mount,
                          "file",
                          FileCalls.O_CREAT | FileCalls.O_WRONLY,
                          0644,
                          FileCalls.RESOLVE_STRICT)) {
            linux.files().write(file, "after\n".getBytes(UTF_8));
            linux.mounts().unshareFileSystemState();
            linux.mounts().enter(namespace, MountCalls.NEW_NS);
            try (Fd old = linux.files().open(tree(), FileCalls.O_PATH, 0)) {
              new Replacement(kernel).replace(mount, old, tree());
            }
          }
        });
  }

  private Kernel withoutMountBeneath() {
    MountCalls older =
        (MountCalls)
            Proxy.newProxyInstance(
                MountCalls.class.getClassLoader(),
                new Class<?>[] {MountCalls.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("attachBeneath")) {
                    throw new KernelException(
                        "move_mount beneath", Errno.EINVAL, "Invalid argument");
                  }
                  try {
                    return method.invoke(linux.mounts(), arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new Kernel(
        linux.files(),
        older,
        linux.processes(),
        linux.sockets(),
        linux.terminals(),
        linux.bpf(),
        linux.disks());
  }

  private String tree() {
    return directory.resolve("tree").toString();
  }

  private String seen(int pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/root" + tree() + "/file")).strip();
    } catch (IOException e) {
      return e.toString();
    }
  }
}
