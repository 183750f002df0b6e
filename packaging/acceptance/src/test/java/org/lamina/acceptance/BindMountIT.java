package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/** Directories of the host inside a container, put there and taken away while it runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BindMountIT {
  private LaminaHost host;
  private Guest guest;
  private Path shared;

  @BeforeAll
  void start() throws IOException {
    host = LaminaHost.start();
    guest = Guest.create(host, 995, "debian-12").started();
    shared = Files.createDirectory(host.configDir().resolveSibling("shared"));
    Files.writeString(shared.resolve("file"), "of the host\n");
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  private CommandResult set(String... options) {
    return guest.vzctl("set", options);
  }

  @Test
  void itComesAndGoesWhileTheContainerRuns() {
    set("--bindmount_add", shared + ":/srv/new/shared,ro,noexec " + shared + "/file:/srv/one").ok();
    assertThat(guest.text("cat /srv/new/shared/file /srv/one").lines())
        .containsExactly("of the host", "of the host");
    assertThat(guest.sh("touch /srv/new/shared/x").exit()).isNotZero();
    assertThat(guest.text("grep ' /srv/new/shared ' /proc/mounts"))
        .contains("ro,", "nodev", "noexec");
    assertThat(guest.text("stat -c %U /srv/new")).isEqualTo("root");
    set("--bindmount_del", "/srv/new/shared").ok();
    assertThat(guest.text("ls /srv/new/shared | wc -l; stat -c %s /srv/one").lines())
        .containsExactly("0", "12");
    set("--bindmount_del", "/srv/one").ok();
    set("--bindmount_del", "/srv/one").ended(ExitCode.BAD_PARAMETER);
  }

  @Test
  void savedItIsThereAfterARestart() throws IOException {
    Guest other = Guest.create(host, 996, "debian-12");
    other.vzctl("set", "--bindmount_add", shared + ":/srv/a,ro /data", "--save").ok();
    assertThat(other.conf("BINDMOUNT")).isEqualTo(shared + ":/srv/a,ro /data");
    other.started();
    assertThat(other.text("cat /srv/a/file; echo kept > /data/x; stat -c %U /data").lines())
        .containsExactly("of the host", "root");
    assertThat(other.privateArea().resolve("delta/mnt/data/x")).hasContent("kept\n");
    host.kill9();
    host.startDaemon();
    other.vzctl("restart", "--wait").ok();
    assertThat(other.text("cat /data/x /srv/a/file").lines())
        .containsExactly("kept", "of the host");
    other.vzctl("set", "--bindmount_del", "all", "--save").ok();
    assertThat(other.text("grep -c -e ' /srv/a ' -e ' /data ' /proc/mounts; true")).isEqualTo("0");
    assertThat(other.conf("BINDMOUNT")).isEmpty();
    other.destroy();
    assertThat(shared.resolve("file")).hasContent("of the host\n");
  }

  @Test
  void linksInsideLeadNowhere() throws IOException {
    guest.sh("ln -s /etc /srv/link; ln -s ../../../../etc/hostname /srv/name").ok();
    String etc = guest.text("ls /etc | wc -l");
    set("--bindmount_add", shared + ":/srv/link").ended(ExitCode.BROKEN_TEMPLATE);
    set("--bindmount_add", shared + ":/srv/link/below").ended(ExitCode.BROKEN_TEMPLATE);
    assertThat(set("--bindmount_add", shared + "/file:/srv/name").exit()).isNotZero();
    assertThat(guest.text("ls /etc | wc -l")).isEqualTo(etc);
    assertThat(guest.text("grep -c '/shared[ /]' /proc/self/mountinfo; true")).isEqualTo("0");
    set("--bindmount_del", "/srv/link/passwd").ended(ExitCode.BAD_PARAMETER);
  }

  @Test
  void whatCannotBeBoundChangesNothing() throws IOException {
    String before = Files.readString(guest.privateArea().resolve("ve.conf"));
    CommandResult failed =
        set(
            "--cpulimit",
            "44",
            "--bindmount_add",
            shared + ":/srv/ok /nonexistent/x:/srv/no",
            "--save");
    assertThat(failed.ended(ExitCode.ENVIRONMENT_FAILED).stderr())
        .contains("/nonexistent/x does not exist", "not saving");
    assertThat(guest.text("grep -c ' /srv/ok ' /proc/mounts; true")).isEqualTo("0");
    assertThat(SetLiveIT.cpuQuota(host, guest)).isNegative();
    assertThat(Files.readString(guest.privateArea().resolve("ve.conf"))).isEqualTo(before);
    for (String bad :
        new String[] {"", "x", "/a:/proc/x", "/a:/usr/x", "/a:/../etc", "/a:/b,rw", "/a b:/c"}) {
      set("--bindmount_add", bad, "--save").ended(ExitCode.BAD_PARAMETER);
    }
    assertThat(Files.readString(guest.privateArea().resolve("ve.conf"))).isEqualTo(before);
  }
}
