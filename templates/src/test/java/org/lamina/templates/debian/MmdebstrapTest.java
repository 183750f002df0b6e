package org.lamina.templates.debian;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.templates.TemplateDefinition;

class MmdebstrapTest {
  private static List<String> captured(String name) throws IOException {
    try (InputStream in =
        MmdebstrapTest.class.getResourceAsStream("/mmdebstrap/" + name + ".txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    }
  }

  @Test
  void progressGrowsEvenlyThroughARealBuild() throws IOException {
    List<Integer> seen = new ArrayList<>();
    List<String> messages = new ArrayList<>();
    MmdebstrapProgress progress =
        new MmdebstrapProgress((percent, message) -> {
          seen.add(percent);
          messages.add(message);
        });
    captured("debian-13").forEach(progress::accept);

    assertThat(seen).isSorted();
    assertThat(seen.getFirst()).isBetween(0, 5);
    assertThat(seen.getLast()).isBetween(90, MmdebstrapProgress.DONE);
    assertThat(seen.stream().distinct().count()).isGreaterThan(60);
    for (int i = 1; i < seen.size(); i++) {
      assertThat(seen.get(i) - seen.get(i - 1)).as("jump before " + messages.get(i)).isLessThan(11);
    }
    assertThat(messages)
        .contains("downloading essential packages", "installing packages: openssh-server");
  }

  @Test
  void hostileOutputDoesNotBreakProgress() {
    List<String> messages = new ArrayList<>();
    MmdebstrapProgress progress = new MmdebstrapProgress((p, m) -> messages.add(m));
    for (String line :
        List.of(
            "I: running apt-get update",
            "1 upgraded, 99999999999999 newly installed, 0 to remove",
            "Setting up ",
            "Unpacking \u001b[2Jx (1) ...",
            "I: cleaning",
            "I: extracting archives...",
            "")) {
      progress.accept(line);
    }
    assertThat(messages).isNotEmpty().noneMatch(m -> m.contains("\u001b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no-such-package | TEMPLATE_BUILD_FAILED | Unable to locate package nosuchpackage-x | definition",
        "unknown-key     | TEMPLATE_BUILD_FAILED | NO_PUBKEY 6ED0E7B82643E131               | debian-archive-keyring",
        "no-such-suite   | TEMPLATE_BUILD_FAILED | does not have a Release file             | does not carry",
        "disk-full       | DISK_FULL             | No space left on device                  | Make room",
      })
  void aFailureSaysWhatToDo(String capture, ExitCode code, String text, String hint)
      throws IOException {
    BuildLog log = new BuildLog();
    captured(capture).forEach(log::add);

    LaminaException e = failure(log, 25);

    assertThat(e.exitCode()).isEqualTo(code);
    assertThat(e.text()).contains("debian-12").contains(text).doesNotContain("signal PIPE");
    assertThat(e.text().length()).isLessThan(1500);
    assertThat(e.hint().orElseThrow()).contains(hint);
  }

  private static LaminaException failure(BuildLog log, int status) {
    return log.failure(
        "cannot build template debian-12", "mmdebstrap", status, "Correct the definition.");
  }

  @Test
  void anUnknownFailureShowsTheLastLines() {
    BuildLog log = new BuildLog();
    for (int i = 0; i < 1000; i++) {
      log.add("line " + i);
    }
    log.add("E: mmdebstrap failed to run");

    assertThat(log.lines()).hasSize(400);
    assertThat(failure(log, 1).text()).contains("line 998; line 999");
  }

  @Test
  void theArgumentVectorHoldsOneArgumentPerSuite() {
    TemplateDefinition definition =
        new TemplateDefinition(
            "t",
            "s",
            "debian",
            "sid",
            List.of("sid"),
            List.of("main", "contrib"),
            List.of("apt", "less"),
            "systemd",
            List.of());
    MirrorPlan plan =
        new MirrorPlan(
            List.of(
                new MirrorPlan.Suite(
                    "http://a.example", "sid", List.of("main", "contrib"), Optional.empty()),
                new MirrorPlan.Suite(
                    "http://a.example", "other", List.of("main"), Optional.empty())));

    List<String> argv =
        MmdebstrapCommand.argv(
            definition,
            plan,
            List.of(Optional.of(Path.of("/k.gpg")), Optional.empty()),
            Path.of("/s/apt.conf"),
            Optional.empty(),
            Path.of("/s/fs"));

    assertThat(argv.subList(argv.indexOf("mmdebstrap"), argv.size()))
        .containsExactly(
            "mmdebstrap",
            "--mode=root",
            "--verbose",
            "--format=directory",
            "--variant=minbase",
            "--components=main,contrib",
            "--include=apt,less",
            "--aptopt=/s/apt.conf",
            "sid",
            "/s/fs",
            "deb [signed-by=/k.gpg] http://a.example sid main contrib",
            "deb http://a.example other main");
    assertThat(argv).contains("--kill-child", "--pid", "--mount", "--pdeathsig=KILL");
  }

  @Test
  void theEnvironmentIsCleanButForProxies() {
    Map<String, String> environment =
        MmdebstrapCommand.environment(
            Map.of(
                "http_proxy", "http://p.example:3128", "LD_PRELOAD", "/x.so", "APT_CONFIG", "/y"),
            Path.of("/s"));

    assertThat(environment)
        .containsEntry("http_proxy", "http://p.example:3128")
        .containsEntry("TMPDIR", "/s")
        .doesNotContainKeys("LD_PRELOAD", "APT_CONFIG", "https_proxy");
  }

  @Test
  void hostSettingsForFetchingAreSharedButNeverThoseThatSkipChecks() {
    List<String> shared =
        AptSettings.shared(
            """
            APT::Architecture "amd64";
            Acquire "";
            Acquire::AllowInsecureRepositories "true";
            Acquire::http::Proxy "http://p.example:3128";
            Acquire::https::Verify-Peer "true";
            Acquire::http::Proxy::a.example "DIRECT";
            Acquire::Check-Valid-Until "false";
            Acquire::Retries "3";
            Acquire::Languages:: "none";
            Acquire::GzipIndexes "true";
            Acquire::http::Pipeline "a"b";
            Dir::Bin::gpg "/bin/true";
            """);

    assertThat(shared)
        .contains(
            "Acquire::http::Proxy \"http://p.example:3128\";",
            "Acquire::http::Proxy::a.example \"DIRECT\";",
            "Acquire::Check-Valid-Until \"false\";",
            "Acquire::Retries \"3\";",
            "Acquire::AllowInsecureRepositories \"false\";",
            "APT::Get::AllowUnauthenticated \"false\";")
        .doesNotContain("Acquire::AllowInsecureRepositories \"true\";")
        .noneMatch(l -> l.contains("Languages") || l.contains("gpg") || l.contains("Pipeline"));
  }
}
