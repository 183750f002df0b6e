package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;

/** A database that is lost, damaged or put back from a backup loses no container. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecoverIT {
  private static final String TEMPLATE = "debian-12-sysvinit";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String SETTINGS =
      "ctid,uuid,name,hostname,description,ostemplate,generation,origin_sample,onboot,bootorder,"
          + "disabled,privileged,ram,swap,cpulimit,cpuunits,status";

  private LaminaHost host;

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
    Guest one = Guest.create(host, 501, TEMPLATE, "--name", "first one", "--config", "vswap-512m");
    one.vzctl(
            "set",
            "--hostname",
            "web.example.org",
            "--description",
            "\"quoted\", $HOME `date` \\ back\u2026 \u00fc %s ;",
            "--ram",
            "300M",
            "--swap",
            "100M",
            "--cpulimit",
            "37.5",
            "--cpuunits",
            "2000",
            "--numproc",
            "321",
            "--onboot",
            "yes",
            "--bootorder",
            "7",
            "--stop-timeout",
            "33",
            "--save")
        .ok();
    Guest.create(host, 502, TEMPLATE, "--privileged")
        .vzctl("set", "--disabled", "yes", "--onboot", "no", "--save")
        .ok();
    Guest running = Guest.create(host, 503, TEMPLATE, "--hostname", "runs").started();
    running.sh("echo precious > /root/note").ok();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @Test
  void recoverBringsEverythingBack() throws IOException {
    String before = settings();
    String conf = Files.readString(conf(501));
    int init = new Guest(host, "503").init();
    host.kill9();
    deleteDatabase();
    host.startDaemon();
    assertThat(host.run("vzlist", "-a", "-H").stdout()).isEmpty();
    assertThat(host.logTail()).contains("container 503 runs and is not in the database");
    assertThat(Path.of("/proc", Integer.toString(init))).exists();

    CommandResult recover = host.run("lamina", "recover").ok();
    assertThat(recover.stdout()).contains("Recovered 3 containers");
    assertThat(settings()).isEqualTo(before);
    assertThat(Files.readString(conf(501))).isEqualTo(conf);
    Guest running = new Guest(host, "503");
    assertThat(running.init()).isEqualTo(init);
    assertThat(running.text("cat /root/note")).isEqualTo("precious");
    host.run("lamina", "recover").ok();

    Guest fresh = Guest.create(host, 504, TEMPLATE);
    assertThat(fresh.firstId()).isNotIn(new Guest(host, "501").firstId(), running.firstId());
    fresh.destroy();
    running.vzctl("restart", "--wait").ok();
    assertThat(running.text("cat /root/note; hostname").lines())
        .containsExactly("precious", "runs");
    Leaks.none(host, "after the database was lost and recovered");
  }

  @Test
  void aDamagedDatabaseIsToldWithTheWayOut() throws IOException {
    String before = settings();
    Path file = host.stateDir().resolve("db/lamina.mv.db");
    host.stopDaemon();
    byte[] good = Files.readAllBytes(file);
    for (byte[] bad :
        new byte[][] {
          "not a database at all\n".repeat(1000).getBytes(StandardCharsets.UTF_8),
          Arrays.copyOfRange(good, good.length / 2, good.length),
        }) {
      Files.write(file, bad);
      CommandResult refused = host.beginDaemon().finish(SOON).ended(ExitCode.SYSTEM);
      assertThat(refused.stderr())
          .contains("cannot open the database in " + host.stateDir().resolve("db"))
          .contains("put a backup in its place", "lamina recover")
          .doesNotContain("\tat ");
      assertThat(Files.readAllBytes(file)).describedAs("nothing is overwritten").isEqualTo(bad);
    }
    host.run("vzlist").ended(ExitCode.NO_HOST_CONFIG);
    Files.move(file, file.resolveSibling("lamina.damaged"));
    host.startDaemon();
    host.run("lamina", "recover").ok();
    assertThat(settings()).isEqualTo(before);
  }

  @Test
  void aBackupIsMadeInUseAndPutBack() throws IOException {
    String before = settings();
    Path backup = host.stateDir().resolve("saved.zip");
    RunningCommand[] writers = new RunningCommand[4];
    for (int i = 0; i < writers.length; i++) {
      writers[i] = host.begin("vzctl", "create", "51" + i, "--ostemplate", TEMPLATE);
    }
    CommandResult saved = host.run("lamina", "backup", backup.toString()).ok();
    assertThat(saved.stdout()).contains("The database was saved to " + backup);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
        .isEqualTo("rw-------");
    for (RunningCommand writer : writers) {
      writer.finish(SOON).ok();
    }
    for (int i = 0; i < writers.length; i++) {
      host.run("vzctl", "destroy", "51" + i).ok();
    }
    host.run("lamina", "backup", backup.toString()).ended(ExitCode.BAD_PARAMETER);
    host.run("vzctl", "set", "501", "--description", "after the backup", "--save").ok();

    host.stopDaemon();
    deleteDatabase();
    unpack(backup, host.stateDir().resolve("db"));
    host.startDaemon();
    for (int i = 0; i < writers.length; i++) {
      host.run("vzctl", "destroy", "51" + i);
    }
    assertThat(settings()).isEqualTo(before);
    Leaks.none(host, "after a backup was put back");
  }

  /** All that is kept of all containers, as JSON. */
  private String settings() {
    return host.run("vzlist", "-a", "-j", "-o", SETTINGS).ok().stdout();
  }

  private Path conf(int ctid) {
    return host.stateDir().resolve("private/" + ctid + "/ve.conf");
  }

  private void deleteDatabase() throws IOException {
    try (var files = Files.newDirectoryStream(host.stateDir().resolve("db"))) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  private static void unpack(Path zip, Path directory) throws IOException {
    try (InputStream in = Files.newInputStream(zip);
        ZipInputStream entries = new ZipInputStream(in)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        Files.copy(entries, directory.resolve(entry.getName()));
      }
    }
  }
}
