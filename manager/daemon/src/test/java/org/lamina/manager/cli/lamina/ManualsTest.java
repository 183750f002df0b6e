package org.lamina.manager.cli.lamina;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.FakeContainers;
import org.lamina.manager.cli.FakeNetworks;
import org.lamina.manager.cli.FakePatches;
import org.lamina.manager.cli.FakeTemplates;
import org.lamina.manager.cli.Option;
import org.lamina.manager.cli.Program;
import org.lamina.manager.cli.vzctl.Vzctl;
import org.lamina.manager.cli.vzlist.Vzlist;
import org.lamina.manager.cli.vznetstat.Vznetstat;
import org.lamina.manager.cli.vzpkg.Vzpkg;
import org.lamina.manager.core.Events;
import org.lamina.manager.core.Operations;

/** The manual pages name what exists, all of it and nothing else. */
class ManualsTest {
  private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[A-Za-z0-9][\\w-]*");

  /** Options of the programs themselves, before any command. */
  private static final List<String> GLOBAL =
      List.of("--quiet", "--verbose", "--skiplock", "--version", "--help", "-q", "-d");

  static Stream<Program> programs() {
    FakeContainers containers = new FakeContainers();
    FakeTemplates templates = new FakeTemplates();
    Operations none = null;
    return Stream.of(
        new Vzctl(containers, templates, "1"),
        new Vzlist(containers, Clock.systemUTC()),
        new Vznetstat(containers),
        new Vzpkg(templates, new FakePatches(), "1"),
        new LaminaProgram(
            containers,
            templates,
            none,
            new Events(),
            new FakeNetworks(),
            target -> {},
            CliConfig.of(Path.of("/x")),
            List::of,
            "1"));
  }

  private static String page(String name) throws IOException {
    return Files.readString(Docs.top().resolve("packaging/man").resolve(name)).replace("\\-", "-");
  }

  @ParameterizedTest
  @MethodSource("programs")
  void everyCommandAndOption_isInThePage(Program program) throws IOException {
    String page = page(program.name() + ".8");
    for (CommandSpec spec : program.commands()) {
      if (!spec.name().equals(program.name())) {
        for (String name : spec.names()) {
          assertThat(page).containsPattern("(?m)^(\\.SS .*|\\.RB \\( |\\.B )\\b?" + name + "\\b");
        }
      }
      for (Option option : spec.options().options()) {
        for (String name : option.names()) {
          assertThat(page).as(spec.title()).containsPattern("(?<![\\w-])" + name + "(?![\\w-])");
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void everyOptionInThePage_exists(Program program) throws IOException {
    String page = page(program.name() + ".8");
    Matcher m = OPTION.matcher(page.substring(page.indexOf(".SH DESCRIPTION")));
    while (m.find()) {
      String option = m.group();
      boolean known =
          GLOBAL.contains(option)
              || option.equals("--exec")
              || inExamples(option)
              || program.commands().stream().anyMatch(s -> s.options().option(option) != null);
      assertThat(known).as(program.name() + " has no option " + option).isTrue();
    }
  }

  /** What examples have beside the program's own options. */
  private static boolean inExamples(String option) {
    return List.of("-o", "-c", "-C", "-memory", "--OPTION", "--netif_add", "--ipadd")
        .contains(option);
  }

  @ParameterizedTest
  @ValueSource(strings = {"packaging/etc/lamina.conf"})
  void everyKeyOfTheConfiguration_isInItsPage(String file) throws IOException {
    String page = page("lamina.conf.5");
    Matcher m =
        Pattern.compile("(?m)^#?([A-Z_]+)=").matcher(Files.readString(Docs.top().resolve(file)));
    int keys = 0;
    while (m.find()) {
      keys++;
      assertThat(page).containsPattern("\\b" + m.group(1) + "\\b");
    }
    assertThat(keys).isGreaterThan(10);
  }
}
