package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/** Real devices of the host inside containers, given and taken while they run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeviceIT {
  private static final String TEMPLATE = "debian-12";
  private LaminaHost host;
  private Guest guest;

  @BeforeAll
  void start() {
    host = LaminaHost.start();
    guest = Guest.create(host, 986, TEMPLATE).started();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  private CommandResult set(String... options) {
    return guest.vzctl("set", options);
  }

  /** Opens without making what is not there, as the shell would. */
  private static CommandResult open(Guest guest, String mode, String path) {
    return guest.sh("perl -e 'open(F, q(%s), q(%s)) or die $!'".formatted(mode, path));
  }

  private static void opens(Guest guest, String path) {
    open(guest, "+<", path).ok();
  }

  private static void isDenied(Guest guest, String mode, String path) {
    CommandResult opened = open(guest, mode, path);
    assertThat(opened.exit()).as(path).isNotZero();
    assertThat(opened.stderr()).containsAnyOf("Operation not permitted", "No such file");
  }

  @Test
  void aNodeComesAndGoes_andTheRightWithIt() {
    isDenied(guest, "+<", "/dev/fuse");
    set("--devnodes", "fuse:rw").ok();
    opens(guest, "/dev/fuse");
    assertThat(guest.text("stat -c %U:%F /dev/fuse")).isEqualTo("root:character special file");
    guest.sh("ln /dev/fuse /dev/kept").ok();
    opens(guest, "/dev/kept");
    // A daemon that did not put the rules there replaces them.
    host.kill9();
    host.startDaemon();
    set("--devnodes", "fuse:none").ok();
    assertThat(guest.text("ls /dev | grep -c fuse; true")).isEqualTo("0");
    isDenied(guest, "+<", "/dev/kept");
    assertThat(guest.text("exec 3<>/dev/null && head -c 1 /dev/zero | wc -c")).isEqualTo("1");
  }

  @Test
  void readingIsAllowedAndWritingDenied() {
    set("--devnodes", "loop7:r").ok();
    open(guest, "<", "/dev/loop7").ok();
    isDenied(guest, ">>", "/dev/loop7");
    isDenied(guest, "+<", "/dev/loop7");
    set("--devnodes", "loop7:rw").ok();
    opens(guest, "/dev/loop7");
    set("--devnodes", "loop7:none").ok();
    assertThat(guest.sh("test -e /dev/loop7").exit()).isNotZero();
  }

  @Test
  void aFeatureIsSavedAndThereAfterARestart() {
    Guest other = Guest.create(host, 987, TEMPLATE);
    other.vzctl("set", "--features", "tun:on", "--devnodes", "fuse:rw", "--save").ok();
    assertThat(other.conf("FEATURES")).isEqualTo("tun:on");
    assertThat(other.conf("DEVNODES")).isEqualTo("fuse:rw");
    other.started();
    opens(other, "/dev/net/tun");
    opens(other, "/dev/fuse");
    assertThat(host.run("vzlist", "-H", "-o", "features,devnodes", "987").ok().text())
        .matches("tun:on +fuse:rw");
    other.vzctl("set", "--features", "tun:off", "--save").ok();
    isDenied(other, "+<", "/dev/net/tun");
    opens(other, "/dev/fuse");
    other.vzctl("restart", "--wait").ok();
    assertThat(other.sh("test -e /dev/net/tun").exit()).isNotZero();
    opens(other, "/dev/fuse");
    other.destroy();
  }

  @Test
  void aPrivilegedContainerMakesNodesAndOpensWhatItMay() {
    Guest other = Guest.create(host, 988, TEMPLATE, "--privileged").started();
    other.sh("mknod /root/f c 10 229; mknod /root/l b 7 6").ok();
    isDenied(other, "+<", "/root/f");
    other.vzctl("set", "--devices", "c:10:229:rw,b:7:all:r").ok();
    opens(other, "/root/f");
    open(other, "<", "/root/l").ok();
    isDenied(other, ">>", "/root/l");
    other.vzctl("set", "--devices", "c:10:229:none").ok();
    isDenied(other, "+<", "/root/f");
    open(other, "<", "/root/l").ok();
    other.destroy();
  }

  @Test
  void capabilitiesTakeEffectAtTheNextStart() {
    Guest other = Guest.create(host, 989, TEMPLATE).started();
    CommandResult asked = other.vzctl("set", "--capability", "net_raw:off,CAP_KILL:on", "--save");
    assertThat(asked.ok().stderr()).contains("takes effect when container 989 is restarted");
    assertThat(other.conf("CAPABILITY")).isEqualTo("KILL:on NET_RAW:off");
    assertThat(bounding(other) >> 13 & 1).isEqualTo(1);
    other.vzctl("set", "--capability", "chown:off", "--setmode", "restart", "--save").ok();
    Guest.await(
        "init is there again",
        java.time.Duration.ofSeconds(20),
        () -> other.sh("true").exit() == 0);
    assertThat(bounding(other) >> 13 & 1).isZero();
    assertThat(bounding(other) & 1).isZero();
    assertThat(bounding(other) >> 5 & 1).isEqualTo(1);
    assertThat(Long.parseLong(other.text("sed -n 's/^CapBnd:.//p' /proc/1/status"), 16))
        .isEqualTo(bounding(other));
    other.destroy();
  }

  /** Of a command inside. */
  private static long bounding(Guest guest) {
    return Long.parseLong(guest.text("sed -n 's/^CapBnd:.//p' /proc/self/status"), 16);
  }

  @Test
  void whatCannotBeHadIsRefused_andNothingChanges() throws IOException {
    String before = Files.readString(guest.privateArea().resolve("ve.conf"));
    set("--devnodes", "no-such-device:rw", "--cpulimit", "44", "--save")
        .ended(ExitCode.DEVICE_FAILED);
    assertThat(SetLiveIT.cpuQuota(host, guest)).isNegative();
    set("--capability", "sys_admin:off", "--save").ended(ExitCode.CAPABILITY_FAILED);
    set("--capability", "sys_time:on", "--save").ended(ExitCode.CAPABILITY_FAILED);
    set("--capability", "net_raw:off").ended(ExitCode.USAGE);
    set("--features", "sysfs:off").ended(ExitCode.CAPABILITY_FAILED);
    set("--features", "nfs:on").ended(ExitCode.CAPABILITY_FAILED);
    set("--features", "bridge:off").ended(ExitCode.CAPABILITY_FAILED);
    assertThat(set("--devices", "c:10:229:rw").ok().stderr()).contains("--devnodes");
    set("--devices", "c:10:229:none").ok();
    // A kernel without it says so; one that has it agrees, and the container had it before.
    CommandResult tunnel = set("--features", "ipip:on");
    assertThat(tunnel.exit()).isIn(0, ExitCode.NO_KERNEL_SUPPORT.code());
    assertThat(tunnel.exit() == 0 ? "this kernel has no" : tunnel.stderr())
        .contains("this kernel has no");
    assertThat(Files.readString(guest.privateArea().resolve("ve.conf"))).isEqualTo(before);
  }
}
