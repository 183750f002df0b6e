package org.lamina.agent.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.sys.MountCalls.Option;
import org.lamina.agent.sys.ProcessCalls.Program;

/** The seam against the real kernel; needs root. */
class KernelIT {
  private final Kernel kernel = Kernel.linux();

  @TempDir Path directory;

  @Test
  void spawn_givesExactlyTheDescriptorsNamedAndAnEmptyEnvironment() {
    String out = run(List.of("/bin/sh", "-c", "ls /proc/$$/fd | tr '\\n' ' '; env; kill -l $?"));
    assertThat(out).startsWith("0 1 2 ");
    assertThat(out).doesNotContain("JAVA_HOME", "HOME=");
  }

  @Test
  void spawn_startsASessionOfItsOwn() {
    assertThat(
            run(
                List.of(
                    "/bin/sh",
                    "-c",
                    "read -r p c s pp g sid rest </proc/$$/stat; "
                        + "[ $p = $sid ] && echo leader")))
        .isEqualTo("leader\n");
  }

  @Test
  void spawn_ofWhatIsNotThereSaysSo() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() ->
            kernel.processes().spawn(new Program(List.of("/none"), Map.of(), List.of(), null)))
        .withMessage("run /none: No such file or directory (ENOENT)")
        .matches(e -> e.is(Errno.ENOENT));
  }

  @Test
  void locate_refusesLinksAndLeaving() throws Exception {
    Files.createSymbolicLink(directory.resolve("link"), Path.of("/etc"));
    try (Fd here = kernel.files().openDirectory(directory.toString())) {
      assertThatExceptionOfType(KernelException.class)
          .isThrownBy(() ->
              kernel
                  .files()
                  .openBeneath(
                      here, "link/passwd", FileCalls.O_RDONLY, 0, FileCalls.RESOLVE_STRICT))
          .matches(e -> e.is(Errno.ELOOP));
      assertThatExceptionOfType(KernelException.class)
          .isThrownBy(() -> kernel.files().locate(here, "../x", FileCalls.RESOLVE_STRICT))
          .matches(e -> e.is(Errno.EXDEV));
    }
  }

  @Test
  void actAs_appliesToOneThreadAndIsChecked() throws Exception {
    Path secret = Files.writeString(directory.resolve("secret"), "x");
    Files.setPosixFilePermissions(
        secret, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() ->
            KernelThread.run(
                "test",
                () -> {
                  kernel.files().actAs(70_000, 70_000);
                  kernel.files().open(secret.toString(), FileCalls.O_RDONLY, 0).close();
                }))
        .matches(e -> e.is(Errno.EACCES));
    kernel.files().open(secret.toString(), FileCalls.O_RDONLY, 0).close();
  }

  @Test
  void takeDescriptor_sharesThePipeOfAnotherProcess() {
    Fd[] pipe = kernel.files().pipe();
    Fd[] hold = kernel.files().pipe();
    try (Fd read = pipe[0];
        Fd write = pipe[1];
        Fd holdRead = hold[0];
        Fd holdWrite = hold[1]) {
      int pid =
          kernel
              .processes()
              .spawn(
                  new Program(
                      List.of("/bin/cat"), Map.of(), List.of(holdRead, write, write), null));
      try (Fd pidfd = kernel.processes().pidfd(pid);
          Fd taken = kernel.processes().takeDescriptor(pidfd, 1)) {
        kernel.files().write(taken, "through\n".getBytes(StandardCharsets.UTF_8));
        assertThat(new String(kernel.files().read(read, 100), StandardCharsets.UTF_8))
            .isEqualTo("through\n");
        kernel.processes().signal(pidfd, ProcessCalls.SIGKILL);
        kernel.processes().poll(new int[] {pidfd.number()}, 5000);
        assertThat(kernel.processes().reap(pid)).isEqualTo(ProcessCalls.SIGKILL);
      }
      assertThat(holdWrite.number()).isPositive();
    }
  }

  @Test
  void mountDetached_explainsABadOption() {
    assertThatExceptionOfType(KernelException.class)
        .isThrownBy(() ->
            kernel.mounts().mountDetached("tmpfs", "t", List.of(new Option("size", "many")), 0))
        .withMessageContaining("option size=many of tmpfs")
        .matches(e -> e.is(Errno.EINVAL));
  }

  @Test
  void mountDetached_vanishesWithItsDescriptor() {
    try (Fd mount = kernel.mounts().mountDetached("tmpfs", "t", List.of(), MountCalls.NO_DEV)) {
      kernel.files().makeDirectory(mount, "inside", 0700);
      try (Fd inside = kernel.files().locate(mount, "inside", FileCalls.RESOLVE_STRICT)) {
        assertThat(kernel.files().stat(inside).isDirectory()).isTrue();
      }
    }
  }

  @Test
  void receive_namesTheSenderAndClosesNothingOfOurs() throws Exception {
    Path path = directory.resolve("notify");
    try (Fd socket = kernel.sockets().bindDatagram(path.toString())) {
      assertThat(kernel.sockets().receive(socket)).isNull();
      ProcessBuilder perl =
          new ProcessBuilder(
              "perl",
              "-e",
              "socket(S,1,2,0) or die; send(S,\"READY=1\\nX=2\",0,pack('Sa*',1,$ARGV[0])) or die $!",
              path.toString());
      Process p = perl.inheritIO().start();
      assertThat(p.waitFor()).isZero();
      SocketCalls.Datagram datagram = kernel.sockets().receive(socket);
      assertThat(datagram).isNotNull();
      assertThat(datagram.text()).isEqualTo("READY=1\nX=2");
      assertThat(datagram.pid()).isEqualTo((int) p.pid());
    }
  }

  @Test
  void terminal_hasTwoEndsAndASize() {
    try (Fd devpts =
            kernel
                .mounts()
                .mountDetached(
                    "devpts",
                    "devpts",
                    List.of(new Option("newinstance", null), new Option("ptmxmode", "0666")),
                    0);
        Fd master =
            kernel
                .files()
                .openBeneath(
                    devpts,
                    "ptmx",
                    FileCalls.O_RDWR | FileCalls.O_NOCTTY,
                    0,
                    FileCalls.RESOLVE_STRICT)) {
      assertThat(kernel.terminals().unlock(master)).isZero();
      try (Fd slave = kernel.terminals().openPeer(master)) {
        kernel.terminals().resize(master, 33, 101);
        assertThat(kernel.terminals().isTerminal(slave)).isTrue();
        Fd[] pipe = kernel.files().pipe();
        assertThat(kernel.terminals().isTerminal(pipe[0])).isFalse();
        pipe[0].close();
        pipe[1].close();
      }
    }
  }

  private String run(List<String> argv) {
    Fd[] pipe = kernel.files().pipe();
    try (Fd read = pipe[0];
        Fd nothing = kernel.files().open("/dev/null", FileCalls.O_RDWR, 0)) {
      int pid;
      try (Fd write = pipe[1]) {
        pid =
            kernel
                .processes()
                .spawn(
                    new Program(
                        argv,
                        Map.of("PATH", "/usr/bin:/bin"),
                        List.of(nothing, write, nothing),
                        null));
      }
      StringBuilder out = new StringBuilder();
      for (byte[] part = kernel.files().read(read, 4096);
          part.length > 0;
          part = kernel.files().read(read, 4096)) {
        out.append(new String(part, StandardCharsets.UTF_8));
      }
      try (Fd pidfd = kernel.processes().pidfd(pid)) {
        kernel.processes().poll(new int[] {pidfd.number()}, 5000);
      }
      kernel.processes().reap(pid);
      return out.toString();
    }
  }
}
