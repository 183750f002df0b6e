package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.lamina.agent.ExecSpec;
import org.lamina.agent.sys.Fd;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/** Destroy, mount, find, run scripts, register, recover. */
class ContainerUpkeepTest extends ContainerServiceCase {
  @Test
  void destroy_saysWhatVzctlSays_andFollowsNoLinks() throws Exception {
    daemon.create(101);
    Path outside = Files.createDirectories(dir.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "x");
    Path upper = host.config.privateArea(CTID).resolve("delta/root/upper");
    Files.createSymbolicLink(upper.resolve("link"), outside);
    forgetLines();

    daemon.destroy(101);

    assertThat(lines.said)
        .containsExactly(
            "Destroying container private area: " + host.config.privateArea(CTID),
            "Container private area was destroyed");
    assertThat(outside.resolve("precious")).exists();
    assertThat(host.store.all()).isEmpty();
    host.assertNothingLeaks();
    assertFails(ExitCode.NO_CONTAINER_CONFIG, () -> daemon.destroy(101));
  }

  @Test
  void mount_umount_followVzctl() {
    daemon.create(101);
    forgetLines();
    assertFails(ExitCode.NOT_MOUNTED, () -> service.umount(CTID, lines));
    service.mount(CTID, lines);
    assertThat(service.find("101").status()).isEqualTo(ContainerView.Status.MOUNTED);
    assertThat(lines.said).containsExactly("Container is mounted");
    service.mount(CTID, lines);
    assertThat(lines.warned).containsExactly("Container 101 is already mounted");
    assertFails(ExitCode.ALREADY_MOUNTED, () -> daemon.destroy(101));
    service.umount(CTID, lines);
    assertThat(lines.said).endsWith("Container is unmounted");
    daemon.start(101);
    assertFails(ExitCode.ALREADY_RUNNING, () -> service.umount(CTID, lines));
  }

  @Test
  void find_takesNumbersAndNames() {
    daemon.create(101, "web server");
    assertThat(service.find("web server").container().ctid()).isEqualTo(CTID);
    assertFails(ExitCode.NO_CONTAINER_CONFIG, () -> service.find("999"));
    assertFails(ExitCode.BAD_PARAMETER, () -> service.find("nobody"));
    assertFails(ExitCode.BAD_PARAMETER, () -> service.find("99"));
    assertThat(service.lookup("nobody")).isEmpty();
    assertThat(service.lookup("999")).isEmpty();
    assertFails(ExitCode.NOT_RUNNING, () -> service.running(CTID));
  }

  @Test
  void runScript_inAStoppedOne_holdsTheLockUntilItEnds() {
    daemon.create(101);
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    daemon.runtime.commandExit = exit;
    ExecSpec spec =
        new ExecSpec(
            List.of("/bin/sh"),
            Map.of(),
            new ExecSpec.Stdio(new Fd(0, n -> {}), new Fd(1, n -> {}), new Fd(2, n -> {})),
            ExecSpec.TerminalSize.DEFAULT);
    assertThat(service.runScript(CTID, spec, lines).exit()).isNotDone();
    assertFails(ExitCode.LOCKED, () -> daemon.start(101));
    exit.complete(0);
    daemon.start(101);
    assertThat(service.runScript(CTID, spec, lines).exit()).isDone();
  }

  @Test
  void runScript_inAMountedOne_hasItMountedAgainAfterwards() {
    daemon.create(101);
    service.mount(CTID, lines);
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    daemon.runtime.commandExit = exit;
    ExecSpec spec =
        new ExecSpec(
            List.of("/bin/sh"),
            Map.of(),
            new ExecSpec.Stdio(new Fd(0, n -> {}), new Fd(1, n -> {}), new Fd(2, n -> {})),
            ExecSpec.TerminalSize.DEFAULT);
    CompletableFuture<Integer> ended = service.runScript(CTID, spec, lines).exit();
    assertThat(host.kernel.mounts).as("never two mounts of one delta").isEmpty();
    exit.complete(3);
    assertThat(ended.join()).isEqualTo(3);
    assertThat(host.kernel.mounts).hasSize(1);
    service.umount(CTID, lines);
    daemon.start(101);
  }

  @Test
  void unregister_register_giveTheSameContainerBack() {
    daemon.create(101, "web");
    setLimits(new Limits(new ByteSize(1 << 20), ByteSize.UNLIMITED, 150.0, 1000, 77L), true);
    Container before = host.store.find(CTID).orElseThrow();
    service.unregister(CTID, lines);
    assertThat(service.lookup("101")).isEmpty();
    assertThat(host.config.veConf(CTID)).exists();

    service.register(host.config.privateArea(CTID), CTID, false, lines);
    assertThat(host.store.find(CTID)).hasValue(before);
    host.assertNothingLeaks();
  }

  @Test
  void register_refusesWhatIsNotItsOwn() throws Exception {
    daemon.create(101);
    Path copy = dir.resolve("copy");
    Files.createDirectories(copy.resolve("delta"));
    Files.copy(host.config.veConf(CTID), copy.resolve("ve.conf"));
    assertFails(ExitCode.NOT_OWNER, () -> service.register(copy, new Ctid(102), true, lines));
    assertFails(
        ExitCode.REGISTER_FAILED,
        () -> service.register(dir.resolve("none"), new Ctid(102), true, lines));

    service.unregister(CTID, lines);
    host.templates.built.clear();
    Path area = host.config.privateArea(CTID);
    assertFails(ExitCode.REGISTER_FAILED, () -> service.register(area, CTID, false, lines));
    service.register(area, CTID, true, lines);
    assertFails(ExitCode.TEMPLATE_NOT_FOUND, () -> daemon.start(101));
    host.assertNothingLeaks();
  }

  @Test
  void recover_findsEveryContainer_whenTheDatabaseIsLost() {
    for (int ctid = 101; ctid <= 105; ctid++) {
      daemon.create(ctid, "c" + ctid);
    }
    List<Container> before = host.store.all();
    before.forEach(c -> host.store.delete(c.ctid()));

    assertThat(service.recover(lines)).hasSize(5);
    assertThat(host.store.all()).isEqualTo(before);
    host.assertNothingLeaks();
  }

  @Test
  void template_inUse_stays() {
    daemon.create(101);
    daemon.create(103);
    LaminaException e =
        assertFails(
            ExitCode.TEMPLATE_IN_USE, () -> daemon.core.templates().remove("debian-12", lines));
    assertThat(e.text()).contains("101, 103");
    daemon.destroy(101);
    daemon.destroy(103);
    daemon.core.templates().remove("debian-12", lines);
    assertFails(ExitCode.TEMPLATE_NOT_FOUND, () -> daemon.create(101));
    assertFails(
        ExitCode.TEMPLATE_NOT_FOUND, () -> daemon.core.templates().remove("debian-12", lines));
  }
}
