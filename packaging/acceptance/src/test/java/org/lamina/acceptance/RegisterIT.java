package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.schema.ExitCode;

/** Private areas that move, come from elsewhere, or were made to deceive. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegisterIT {
  private static final String TEMPLATE = "debian-12-sysvinit";
  private static final Duration SOON = Duration.ofSeconds(30);

  private LaminaHost host;
  private Guest other;
  private Path area;
  private String good = "";

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
    other = Guest.create(host, 601, TEMPLATE, "--name", "other");
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  /** A container that was unregistered; its area is where a backup would be unpacked. */
  @BeforeEach
  void anAreaFromElsewhere() throws IOException {
    for (String ctid : Leaks.listed(host).keySet()) {
      if (!ctid.equals("601")) {
        new Guest(host, ctid).destroy();
      }
    }
    shell(
        "cd %s && rm -rf elsewhere elsewhere.* copy aside private/602".formatted(host.stateDir()));
    Guest guest = Guest.create(host, 602, TEMPLATE, "--name", "moves", "--hostname", "moved");
    guest.vzctl("set", "--ram", "200M", "--save").ok();
    guest.vzctl("unregister").ok();
    assertThat(guest.statusLine()).isEqualTo("CTID 602 deleted unmounted down");
    area = host.stateDir().resolve("elsewhere");
    Files.move(guest.privateArea(), area);
    good = Files.readString(area.resolve("ve.conf"));
  }

  @Test
  void aMovedAreaIsTakenInUnderAnotherNumber() {
    register(ExitCode.OK, "603");
    Guest moved = new Guest(host, "603");
    assertThat(area).doesNotExist();
    assertThat(
            host.run("vzlist", "-a", "-H", "-o", "name,hostname,ram", "603")
                .ok()
                .text()
                .split(" +"))
        .containsExactly("moves", "moved", "200.0M");
    assertThat(moved.conf("VEID")).isEqualTo("603");
    moved.started();
    assertThat(moved.text("hostname")).isEqualTo("moved");
    moved.vzctl("unregister").ended(ExitCode.ALREADY_RUNNING);
    moved.destroy();
    Leaks.none(host, "after an area was moved");
  }

  @Test
  void whatIsThereAlreadyIsNotTakenOver() throws IOException {
    register(ExitCode.PRIVATE_EXISTS, "601");
    shell("cp -a %s %s/copy".formatted(area, host.stateDir()));
    register(ExitCode.OK, "602");
    Path copy = host.stateDir().resolve("copy");
    CommandResult twin =
        host.run("vzctl", "register", copy.toString(), "604").ended(ExitCode.NOT_OWNER);
    assertThat(twin.stderr()).contains("this is container 602", "vzctl unregister 602");
    host.run("vzctl", "register", copy.toString(), "604", "--force").ended(ExitCode.NOT_OWNER);
    shell("rm -rf " + copy);
    new Guest(host, "602").destroy();
  }

  @Test
  void aMissingTemplateNeedsForce() throws IOException {
    conf(good.replace("LAMINA_GENERATION=\"0\"", "LAMINA_GENERATION=\"77\""));
    CommandResult refused = register(ExitCode.REGISTER_FAILED, "602");
    assertThat(refused.stderr()).contains("generation 77", "--force");
    CommandResult forced = host.run("vzctl", "register", area.toString(), "602", "--force").ok();
    assertThat(forced.stderr()).contains("generation 77");
    CommandResult start = host.run("vzctl", "start", "602").ended(ExitCode.TEMPLATE_NOT_FOUND);
    assertThat(start.stderr()).contains("generation 77 of template " + TEMPLATE);
    host.run("vzctl", "destroy", "602").ok();
  }

  @ParameterizedTest
  @CsvSource({
    "LAMINA_ID_BASE, OTHER, NOT_OWNER",
    "LAMINA_ID_BASE, 0, NOT_OWNER",
    "LAMINA_ID_BASE, 65536, NOT_OWNER",
    "LAMINA_ID_BASE, 65537, BAD_CONFIG",
    "LAMINA_ID_BASE, -65536, BAD_CONFIG",
    "LAMINA_ID_BASE, 4294967296, BAD_CONFIG",
    "LAMINA_ID_BASE, '', BAD_CONFIG",
    "UUID, OTHER, NOT_OWNER",
    "UUID, ../../x, BAD_CONFIG",
    "NAME, other, NAME_FAILED",
    "NAME, ../x, BAD_CONFIG",
    "HOSTNAME, $(reboot), BAD_CONFIG",
    "OSTEMPLATE, ../../etc, BAD_CONFIG",
    "LAMINA_GENERATION, 99999999999, BAD_CONFIG",
    "PHYSPAGES, many, BAD_CONFIG",
  })
  void aFileThatLiesIsRefused(String key, String value, ExitCode code) throws IOException {
    String lie = value.equals("OTHER") ? other.conf(key) : value;
    conf(
        good.replaceFirst(
            "(?m)^" + key + "=.*$", key + "=\"" + lie.replace("$", "\\\\\\$") + "\""));
    refusedAndUnharmed(code);
  }

  @Test
  void linesThatTryToBreakOutAreTextOrRefused() throws IOException {
    // A value cannot hold a line break: its second line is another assignment, and comes too late.
    conf(good + "DESCRIPTION=\"a\nNAME=\"b\"\nUUID=\"" + other.conf("UUID") + "\"\n");
    CommandResult taken = register(ExitCode.OK, "602");
    assertThat(taken.stderr()).contains("no closing quote", "UUID is given again");
    assertThat(host.run("vzlist", "-a", "-H", "-o", "name", "602").ok().text()).isEqualTo("moves");
    new Guest(host, "602").destroy();
  }

  @Test
  void filesThatAreNoFilesAreRefused() throws IOException {
    for (String trick :
        List.of(
            "ln -s /etc/passwd ve.conf",
            "ln -s /dev/zero ve.conf",
            "ln -s missing ve.conf",
            "mkfifo ve.conf",
            "mkdir ve.conf",
            "mknod ve.conf c 1 5",
            ":")) {
      shell("cd %s && rm -rf ve.conf && %s".formatted(area, trick));
      refusedAndUnharmed(ExitCode.REGISTER_FAILED);
    }
    try (RandomAccessFile huge = new RandomAccessFile(area.resolve("ve.conf").toFile(), "rw")) {
      huge.setLength(1L << 30);
    }
    refusedAndUnharmed(ExitCode.BAD_CONFIG);
    Files.write(area.resolve("ve.conf"), new byte[] {(byte) 0xff, (byte) 0xfe});
    refusedAndUnharmed(ExitCode.BAD_CONFIG);
  }

  @Test
  void linksInTheAreaLeadNowhere() throws IOException {
    Path victim = host.stateDir().resolve("victim");
    Files.writeString(victim, "host's\n");
    for (String trick :
        List.of(
            "ln -s %s console.log",
            "ln -s %s ve.conf.tmp",
            "mv delta /tmp/; ln -s %s delta",
            "mv delta/root/upper delta/root/away; ln -s / delta/root/upper; : %s",
            "chown 1000 . ; : %s")) {
      shell(
          "cp -a %s %s.kept && cd %1$s && ".formatted(area, area)
              + trick.formatted(victim).replace("/tmp/", host.stateDir() + "/aside"));
      refusedAndUnharmed(ExitCode.REGISTER_FAILED);
      shell("rm -rf %s %s/aside; mv %1$s.kept %1$s".formatted(area, host.stateDir()));
    }
    assertThat(Files.readString(victim)).isEqualTo("host's\n");
    shell("ln -s %s %s.link".formatted(area, area));
    host.run("vzctl", "register", area + ".link", "602").ended(ExitCode.REGISTER_FAILED);
    shell("rm %s.link".formatted(area));
  }

  @Test
  void recoverSaysWhatItCouldNotTakeIn() throws IOException {
    Path place = host.stateDir().resolve("private/602");
    Files.move(area, place);
    Files.delete(place.resolve("ve.conf"));
    Files.createSymbolicLink(place.resolve("ve.conf"), Path.of("/dev/zero"));
    CommandResult recover = host.run("lamina", "recover").ended(ExitCode.REGISTER_FAILED);
    assertThat(recover.stderr()).contains("container 602", "ve.conf is a symbolic link", "[602]");
    Files.delete(place.resolve("ve.conf"));
    Files.writeString(place.resolve("ve.conf"), good);
    host.run("lamina", "recover").ok();
    new Guest(host, "602").destroy();
    Leaks.none(host, "after a recovery");
  }

  private void refusedAndUnharmed(ExitCode code) throws IOException {
    long daemon = host.daemonPid();
    CommandResult refused = register(code, "602");
    assertThat(refused.stderr()).isNotBlank().doesNotContain("Exception", "\tat ");
    assertThat(area).isDirectory();
    assertThat(Leaks.listed(host)).containsOnlyKeys("601");
    assertThat(host.daemonPid()).isEqualTo(daemon);
    assertThat(refused.took()).isLessThan(Duration.ofSeconds(10));
  }

  private CommandResult register(ExitCode code, String ctid) {
    return host.run("vzctl", "register", area.toString(), ctid).ended(code);
  }

  private void conf(String text) throws IOException {
    Files.write(area.resolve("ve.conf"), text.getBytes(StandardCharsets.UTF_8));
  }

  private static void shell(String code) {
    RunningCommand.start(List.of("sh", "-ec", code), Map.of()).finish(SOON).ok();
  }
}
