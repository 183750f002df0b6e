package org.lamina.agent.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcTest {
  private static final String STAT_TAIL =
      " S 4101 4190 4101 0 -1 4194560 2671 130531 26 212 1 3 209 108 20 0 1 0 98765 23293952"
          + " 3244 18446744073709551615 1 1 0 0 0 0 671173123 4096 1260 0 0 0 17 1 0 0 0 0 0\n";
  private static final List<String> STATUS =
      List.of(
          "Name:\tsystemd\\nUid:\t7\t7\t7\t7",
          "Umask:\t0000",
          "State:\tS (sleeping)",
          "Pid:\t4190",
          "Uid:\t131072\t131072\t131072\t131072",
          "Gid:\t131073\t131073\t131073\t131073",
          "NSpid:\t4190\t17\t1",
          "SigBlk:\t7fe3c0fe28014a03",
          "SigCgt:\t00000001000004ec");

  @ParameterizedTest
  @ValueSource(strings = {"systemd", "a) S 1 (b", "((", "))", "x\ny", " ", "", "tmux: server"})
  void aProcessMayCallItselfAnything(String name) {
    ProcStat stat = ProcStat.parse("4190 (" + name + ")" + STAT_TAIL).orElseThrow();
    assertThat(stat).isEqualTo(new ProcStat(4190, name, 'S', 4101, 4190, 4101, 98765));
    assertThat(stat.ended()).isFalse();
  }

  @Test
  void anEndedProcessShows() {
    assertThat(ProcStat.parse("9 (x)" + STAT_TAIL.replace(" S ", " Z ")).orElseThrow().ended())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "(", ")", "1 (x)", "1 (x) ", "1 (x) S 1 2", ")(", "x (y) S 1 2 3 4"})
  void whatIsNoStatIsEmpty(String text) {
    assertThat(ProcStat.parse(text)).isEmpty();
    assertThat(ProcStat.parse("pid (x)" + STAT_TAIL)).isEmpty();
  }

  @Test
  void statusTellsIdsAndSignals() {
    ProcStatus status = ProcStatus.parse(STATUS).orElseThrow();
    assertThat(status.uids()).containsOnly(131072).hasSize(4);
    assertThat(status.gids()).containsOnly(131073).hasSize(4);
    assertThat(status.nsPids()).containsExactly(4190, 17, 1);
    assertThat(status.catches(3)).isTrue();
    assertThat(status.catches(33)).isTrue();
    assertThat(status.catches(1)).isFalse();
    assertThat(status.catches(0)).isFalse();
    assertThat(status.catches(65)).isFalse();
    // 37 is what systemd halts by; it blocks it and reads it from a descriptor.
    assertThat(status.blocks(37)).isTrue();
    assertThat(status.blocks(63)).isTrue();
    assertThat(status.blocks(64)).isFalse();
  }

  @Test
  void hostileOrOldStatusNeverThrows() {
    assertThat(ProcStatus.parse(List.of())).isEmpty();
    assertThat(ProcStatus.parse(List.of("Uid:\tx", "Gid:\t1"))).isEmpty();
    ProcStatus old =
        ProcStatus.parse(List.of("Uid: 0 0 0 4294967295", "Gid: 0 0 0 0", "SigCgt: zz"))
            .orElseThrow();
    assertThat(old.nsPids()).isEmpty();
    assertThat(old.caught()).isZero();
    assertThat(old.uids()).endsWith(-1);
  }

  @Test
  void cgroupPathsMayHoldColons() {
    assertThat(
            ProcCgroup.parse(
                List.of(
                    "4:cpu,cpuacct:/a:b/c",
                    "1:name=systemd:/init.scope",
                    "0::/lamina/101/payload",
                    "nonsense",
                    "x:cpu:/",
                    "5:cpu:relative")))
        .containsExactly(
            new ProcCgroup(4, List.of("cpu", "cpuacct"), "/a:b/c"),
            new ProcCgroup(1, List.of("name=systemd"), "/init.scope"),
            new ProcCgroup(0, List.of(), "/lamina/101/payload"))
        .filteredOn(ProcCgroup::v2)
        .hasSize(1);
  }

  @Test
  void osReleaseIsReadAndNeverRun() {
    OsRelease os =
        OsRelease.parse(
            List.of(
                "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"",
                "# COMMENT=1",
                "ID=debian",
                "  VERSION_ID='12' ",
                "HOME_URL=\"a\\\"b\\$c\\nd\"",
                "EMPTY=",
                "RUN=$(touch /tmp/x)",
                "SPACE=a b",
                "OPEN=\"a",
                "ESC=\"a\u001b[2J\"",
                "lower=1",
                "LONG=" + "x".repeat(2000),
                "ID=last"));
    assertThat(os.id()).isEqualTo("last");
    assertThat(os.versionId()).contains("12");
    assertThat(os.prettyName()).isEqualTo("Debian GNU/Linux 12 (bookworm)");
    assertThat(os.get("HOME_URL")).contains("a\"b$c\\nd");
    assertThat(os.get("EMPTY")).contains("");
    assertThat(os.values())
        .containsOnlyKeys("PRETTY_NAME", "ID", "VERSION_ID", "HOME_URL", "EMPTY");
    assertThat(OsRelease.parse(List.of()).id()).isEqualTo("linux");
  }

  @Test
  void aGoneProcessIsEmptyAndBytesThatAreNoTextAreRead(@TempDir Path root) throws Exception {
    ProcFs proc = new ProcFs(root);
    assertThat(proc.stat(1)).isEmpty();
    assertThat(proc.status(1)).isEmpty();
    assertThat(proc.cgroup(1)).isEmpty();
    assertThat(proc.mounts(1)).isEmpty();
    Files.createDirectory(root.resolve("5"));
    Files.write(
        root.resolve("5/stat"),
        ("5 (\u00ff\u00fe)" + STAT_TAIL).getBytes(StandardCharsets.ISO_8859_1));
    assertThat(proc.stat(5).orElseThrow().startTicks()).isEqualTo(98765);
    assertThat(ProcFs.HOST.stat((int) ProcessHandle.current().pid()).orElseThrow().pid())
        .isEqualTo((int) ProcessHandle.current().pid());
  }
}
