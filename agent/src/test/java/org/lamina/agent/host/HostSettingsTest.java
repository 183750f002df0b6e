package org.lamina.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.agent.host.HostSettings.Reading;

class HostSettingsTest {
  @TempDir Path procSys;

  @BeforeEach
  void enoughEverywhere() throws IOException {
    for (HostSetting setting : HostSettings.WANTED) {
      put(setting.key(), Long.toString(setting.atLeast() + 1));
    }
  }

  private void put(String key, String value) throws IOException {
    Path file = procSys.resolve(key.replace('.', '/'));
    Files.createDirectories(file.getParent());
    Files.writeString(file, value + "\n");
  }

  private Map<String, String> all() {
    return HostSettings.WANTED.stream()
        .collect(
            Collectors.toMap(
                HostSetting::key,
                setting -> {
                  try {
                    return Files.readString(setting.below(procSys)).strip();
                  } catch (IOException e) {
                    return "none";
                  }
                }));
  }

  @Test
  void whatIsEnoughStays() {
    Map<String, String> before = all();
    assertThat(new HostSettings(procSys).raise()).isEqualTo(new HostReport(List.of(), List.of()));
    assertThat(all()).isEqualTo(before);
  }

  @Test
  void onlyWhatIsTooSmallIsRaisedAndSaid() throws IOException {
    put("fs.inotify.max_user_instances", "128");
    put("kernel.dmesg_restrict", "0");
    Map<String, String> before = all();
    HostSettings settings = new HostSettings(procSys);
    assertThat(settings.check().changes())
        .extracting(HostReport.Change::key)
        .containsExactly("fs.inotify.max_user_instances", "kernel.dmesg_restrict");
    assertThat(all()).isEqualTo(before);

    HostReport report = settings.raise();
    assertThat(report.problems()).isEmpty();
    assertThat(report.changes().getFirst().text())
        .startsWith("fs.inotify.max_user_instances: 128 -> 1048576 (");
    before.put("fs.inotify.max_user_instances", "1048576");
    before.put("kernel.dmesg_restrict", "1");
    assertThat(all()).isEqualTo(before);
    assertThat(settings.raise().changes()).isEmpty();
  }

  @Test
  void whatCannotBeReadIsReportedAndTheRestRaised() throws IOException {
    Files.delete(procSys.resolve("net/ipv6/neigh/default/gc_thresh3"));
    put("kernel.pty.max", "many\u001b[2J");
    Files.delete(procSys.resolve("kernel/pid_max"));
    Files.createDirectory(procSys.resolve("kernel/pid_max"));
    put("vm.max_map_count", "65530");
    HostReport report = new HostSettings(procSys).raise();
    assertThat(report.problems())
        .extracting(HostReport.Problem::key)
        .containsExactlyInAnyOrder(
            "net.ipv6.neigh.default.gc_thresh3", "kernel.pty.max", "kernel.pid_max");
    assertThat(report.problems())
        .extracting(HostReport.Problem::text)
        .contains(
            "net.ipv6.neigh.default.gc_thresh3: this kernel does not have it",
            "kernel.pty.max: not a number: many?[2J");
    assertThat(report.changes())
        .extracting(HostReport.Change::text)
        .singleElement()
        .asString()
        .startsWith("vm.max_map_count: 65530 -> 262144");
  }

  @Test
  void checkingIsPureAndMissingReadingsShow() {
    HostSetting setting = new HostSetting("a.b", 10, "why");
    assertThat(HostSettings.check(List.of(setting), Map.of("a.b", new Reading.Value(9))).changes())
        .containsExactly(new HostReport.Change("a.b", 9, 10, "why"));
    assertThat(HostSettings.check(List.of(setting), Map.of("a.b", new Reading.Value(10))))
        .isEqualTo(new HostReport(List.of(), List.of()));
    assertThat(HostSettings.check(List.of(setting), Map.of()).problems()).hasSize(1);
  }

  @Test
  void everyWantedKeyIsNamedOnceWithAReason() {
    assertThat(HostSettings.WANTED).extracting(HostSetting::key).doesNotHaveDuplicates();
    assertThat(HostSettings.WANTED)
        .allSatisfy(setting -> {
          assertThat(setting.atLeast()).isPositive();
          assertThat(setting.why()).isNotBlank();
        });
  }
}
