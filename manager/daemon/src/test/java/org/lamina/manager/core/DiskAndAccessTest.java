package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.ConfFile;
import org.lamina.schema.Ctid;
import org.lamina.schema.DiskLayout;
import org.lamina.schema.DiskLimits;
import org.lamina.schema.ExitCode;
import org.lamina.schema.GuestAccess;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/** Limits of the disk, devices, capabilities and features: what is applied, saved and refused. */
class DiskAndAccessTest {
  private static final Ctid CTID = new Ctid(101);
  private static final long GIB = 1L << 30;
  private static final DiskLimits ONE = DiskLimits.of(new DiskLimits.Pair(GIB, GIB), null, null);

  @TempDir Path dir;
  private TestHost host;
  private TestDaemon daemon;

  @BeforeEach
  void boot() throws Exception {
    host = new TestHost(dir);
    daemon = host.boot();
  }

  @AfterEach
  void closeHost() {
    host.close();
  }

  private void set(DiskLimits disk, GuestAccess access, boolean save) {
    ConfigChange config =
        new ConfigChange(Map.of(), null, null, false, List.of(), List.of(), disk, access);
    daemon
        .containers()
        .set(
            CTID,
            new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, null)
                .with(config),
            save,
            daemon.lines);
  }

  private static GuestAccess access(String devnodes, String capability) {
    return GuestAccess.NONE.with(
        new GuestAccess(
            GuestAccess.nodes(devnodes),
            List.of(),
            GuestAccess.capabilities(capability),
            GuestAccess.features("tun:on")));
  }

  private Container saved() {
    return host.store.find(CTID).orElseThrow();
  }

  private static void assertFails(ExitCode code, ThrowingCallable call) {
    LaminaException e = catchThrowableOfType(LaminaException.class, call);
    assertThat(e).as("a refusal with %s", code).isNotNull();
    assertThat(e.exitCode()).as(e.text()).isEqualTo(code);
  }

  @Test
  void aDiskLimit_isHeldAndSaved_orNeither() {
    daemon.create(101);
    set(ONE, GuestAccess.NONE, true);
    assertThat(daemon.runtime.disks.held).containsExactly("101 " + GIB);
    assertThat(saved().disk()).isEqualTo(ONE);
    assertFails(ExitCode.USAGE, () -> set(ONE, GuestAccess.NONE, false));

    daemon.runtime.disks.failure = new LaminaException(ExitCode.DISK_LIMIT_FAILED, "no");
    DiskLimits two = DiskLimits.of(new DiskLimits.Pair(GIB, 2 * GIB), null, null);
    assertFails(ExitCode.DISK_LIMIT_FAILED, () -> set(two, GuestAccess.NONE, true));
    assertThat(saved().disk()).isEqualTo(ONE);
    assertFails(ExitCode.DISK_LIMIT_FAILED, () -> daemon.start(101));
    daemon.runtime.disks.failure = null;
    daemon.start(101);
    assertThat(daemon.runtime.disks.held).as("a start sees to it").hasSize(2);
    host.assertNothingLeaks();
  }

  @Test
  void whatASampleAsksAndThisHostCannotHold_isLeftOutAndSaid() throws Exception {
    Files.writeString(
        host.config.sample("old"),
        "DISKSPACE=\"2G:2.2G\"\nDISKINODES=\"131072:144179\"\nQUOTATIME=0\n");
    daemon.runtime.disks.layout = DiskLayout.IMAGE;
    daemon.create(101);
    set(DiskLimits.NONE, GuestAccess.NONE, true);
    ConfigChange sample = new ConfigChange(Map.of(), "old", null, false);
    daemon
        .containers()
        .set(
            CTID,
            new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, null)
                .with(sample),
            true,
            daemon.lines);
    assertThat(saved().disk().softSpace()).isEqualTo(2 * GIB);
    assertThat(saved().disk().inodes()).isNull();
    assertThat(daemon.lines.warned).anyMatch(line -> line.startsWith("DISKINODES of the sample"));
    assertThat(VeConf.read(VeConf.render(saved(), ConfFile.EMPTY), CTID, "x").disk())
        .isEqualTo(saved().disk());
  }

  @Test
  void devicesChangeLive_capabilitiesAtTheNextStart() {
    daemon.create(101);
    daemon.start(101);
    FakeInit init = host.kernel.running.get(CTID);
    set(DiskLimits.NONE, access("fuse:rw", "net_raw:off"), true);
    assertThat(init.access.nodesText()).isEqualTo("fuse:rw");
    assertThat(saved().access().capabilitiesText()).isEqualTo("NET_RAW:off");
    assertThat(daemon.lines.warned).anyMatch(line -> line.contains("takes effect"));
    GuestAccess none =
        new GuestAccess(
            GuestAccess.nodes("fuse:none"),
            List.of(),
            GuestAccess.NONE.capabilities(),
            GuestAccess.NONE.features());
    set(DiskLimits.NONE, none, false);
    assertThat(init.access.nodes()).isEmpty();
    assertThat(saved().access().nodesText()).as("not saved").isEqualTo("fuse:rw");
    assertFails(ExitCode.USAGE, () -> set(DiskLimits.NONE, access("fuse:r", "kill:off"), false));

    daemon.runtime.disks.failure = new LaminaException(ExitCode.DISK_LIMIT_FAILED, "no");
    assertFails(ExitCode.DISK_LIMIT_FAILED, () -> set(ONE, access("kvm:rw", "net_raw:off"), true));
    assertThat(init.access.nodes()).as("taken back").isEmpty();
    assertThat(VeConf.read(VeConf.render(saved(), ConfFile.EMPTY), CTID, "x").access())
        .isEqualTo(saved().access());
  }
}
