package org.lamina.manager.cli.vzpkg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.manager.cli.CommandSpec;
import org.lamina.manager.cli.FakePatches;
import org.lamina.manager.cli.FakeTemplates;
import org.lamina.manager.cli.Samples;
import org.lamina.manager.cli.Screen;
import org.lamina.schema.Ctid;
import tools.jackson.databind.json.JsonMapper;

class VzpkgTest {
  private final FakeTemplates templates = new FakeTemplates();
  private final Vzpkg vzpkg = new Vzpkg(templates, new FakePatches(), "0.1.0");
  private final Screen screen = new Screen();

  @BeforeEach
  void three() {
    templates.views.add(Samples.unbuilt("debian-11"));
    templates.views.add(Samples.built("debian-12", new Ctid(101), new Ctid(102)));
    templates.views.add(Samples.built("debian-13"));
  }

  @Test
  void create_buildsAndTells() {
    assertThat(screen.run(vzpkg, "create", "cache", "debian-11")).isZero();
    assertThat(screen.out.toString())
        .isEqualTo("Template debian-11 was created: 142 packages, 274.3M\n");
    assertThat(screen.progress.toString()).isEqualTo("40 installing\n");
  }

  @Test
  void mirrorAndKeys_areTakenForTheBuild() {
    assertThat(
            screen.run(
                vzpkg,
                "create",
                "cache",
                "debian-11",
                "--mirror",
                "https://mirror.example.org/x",
                "--gpgkey",
                "/etc/pki/one",
                "--gpgkey=/etc/pki/two"))
        .isZero();
    assertThat(templates.calls)
        .containsExactly(
            "create debian-11",
            "mirror https://mirror.example.org/x",
            "key /etc/pki/one",
            "key /etc/pki/two");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--mirror=ssh://mirror.example.org/x",
        "--mirror=https://mirror.example.org/x?y=z",
        "--mirror=file://host/x",
        "--mirror=/srv/mirror",
        "--gpgkey=key.asc"
      })
  void whatIsNoMirrorOrKey_isRefusedBeforeAnythingIsBuilt(String option) {
    assertThat(screen.run(vzpkg, "create", "cache", "debian-11", option)).isEqualTo(21);
    assertThat(screen.err.toString()).contains("bad ");
    assertThat(templates.calls).isEmpty();
  }

  @Test
  void severalNames_areAllTriedAndTheFirstFailureCounts() {
    assertThat(screen.run(vzpkg, "create", "cache", "debian-12", "nothing", "debian-11"))
        .isEqualTo(96);
    assertThat(templates.calls)
        .containsExactly("create debian-12", "create nothing", "create debian-11");
    assertThat(screen.out.toString()).contains("debian-11 was created");
    assertThat(screen.err.toString()).contains("exists already").contains("no template nothing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20 | create | unknown command create",
        "20 | create cache | no template is given",
        "20 | create image debian-12 | unknown command create image",
        "20 | remove cache | no template is given",
        "20 | update 101 | vzctl exec",
        "20 | plan | no template is given",
        "21 | rollout debian-12 --live --restart | exclude each other",
        "21 | rollout debian-12 --waves 0 | --waves",
        "21 | rollout debian-12 --restart-services some | auto, never or list",
        "21 | update cache debian-12 --security --package x | exclude each other",
        "21 | update cache debian-12 --run x --security | exclude each other",
        "21 | report 7 | there is no run 7",
        "20 | install 101 vim | vzctl exec",
        "20 | lits | Did you mean list?",
        "20 | info | no template is given",
        "21 | info debian-12 nothing | unknown parameter",
        "91 | info debian-99 | no template debian-99",
        "91 | list debian-99 | no template debian-99",
        "95 | remove cache debian-12 | in use",
        "21 | list --bogus | unknown option",
        "21 | list -u | not in this release",
      })
  void badLines_failWithTheirCode(int code, String line, String message) {
    assertThat(screen.run(vzpkg, line.split(" "))).isEqualTo(code);
    assertThat(screen.err.toString()).contains(message);
    assertThat(screen.out).isEmpty();
  }

  @Test
  void list_showsWhatIsBuilt() {
    screen.run(vzpkg, "list");
    assertThat(screen.out.toString())
        .isEqualTo(
            """
            TEMPLATE   GEN  CREATED             SIZE  PKGS  CTS  SUMMARY
            debian-12    0  2026-11-20 12:00  274.3M   142    2  (definition is missing)
            debian-13    0  2026-11-20 12:00  274.3M   142    0  (definition is missing)
            """);
  }

  @Test
  void listAvailable_showsTheOthersToo() {
    screen.run(vzpkg, "list", "--available", "-H");
    assertThat(screen.out.toString().lines().toList().getFirst())
        .startsWith("debian-11  -  not built");
  }

  @Test
  void listJson_isComplete() {
    screen.run(vzpkg, "list", "-j");
    var rows = JsonMapper.shared().readTree(screen.out.toString());
    assertThat(rows.get(0).get("template").asString()).isEqualTo("debian-12");
    assertThat(rows.get(0).get("containers").size()).isEqualTo(2);
    assertThat(rows.get(0).get("bytes").asLong()).isEqualTo(287_654_321);
  }

  @Test
  void emptyList_teaches() {
    templates.views.clear();
    assertThat(screen.run(vzpkg, "list")).isZero();
    assertThat(screen.err.toString()).contains("vzpkg list --available");
    screen.run(vzpkg, "list", "-j");
    assertThat(screen.out.toString().strip()).isEqualTo("[]");
  }

  @Test
  void info_givesAllOrWhatIsAskedFor() {
    screen.run(vzpkg, "info", "debian-12");
    assertThat(screen.out.toString()).contains("name:        debian-12\n").contains("101 102");
    Screen one = new Screen();
    one.run(vzpkg, "info", "debian-12", "generation", "containers");
    assertThat(one.out.toString()).isEqualTo("0\n101 102\n");
  }

  @Test
  void status_endsWith22WhenAnybodyIsBehind() {
    assertThat(screen.run(vzpkg, "status", "debian-12")).isEqualTo(22);
    assertThat(screen.out.toString())
        .isEqualTo(
            """
            Template debian-12: newest generation 1, 1.0M; 1 of 2 containers behind
            CTID  GEN  RUNNING  PINNED  NEXT  STILL OLD  OLD PROCESSES
            101     0  yes      yes        -          1              1
            102     1  no       -          -          0              0
            Container 101 still has libssl3 3.0.11: the operator pinned the container; vzpkg unpin 101
            Container 101 runs old code in nginx (4711, nginx.service): /usr/lib/libssl.so.3; \
            vzctl exec 101 systemctl restart nginx.service
            """);
    assertThat(screen.run(vzpkg, "status", "debian-13")).isZero();
  }

  @Test
  void pin_sayWhatHoldsNow() {
    assertThat(screen.run(vzpkg, "pin", "101", "-j")).isZero();
    assertThat(screen.out.toString())
        .containsIgnoringWhitespaces("[{\"ctid\": 101, \"pinned\": true}]");
    Screen again = new Screen();
    assertThat(again.run(vzpkg, "unpin", "101", "--json")).isZero();
    assertThat(again.out.toString()).containsIgnoringWhitespaces("\"pinned\": false");
  }

  @Test
  void patch_withoutYesChangesNothing() {
    assertThat(screen.run(vzpkg, "patch", "debian-12", "--security")).isEqualTo(20);
    assertThat(screen.out.toString()).contains("libssl3").contains("Nothing was built");
    assertThat(screen.err.toString()).contains("--yes");
    Screen really = new Screen();
    assertThat(really.run(vzpkg, "patch", "debian-12", "--security", "--yes")).isEqualTo(22);
    assertThat(really.out.toString()).contains("Run 1 (rollout debian-12 to generation 1)");
  }

  @Test
  void remove_andQuiet() {
    assertThat(screen.run(vzpkg, "-q", "delete", "cache", "debian-13")).isZero();
    assertThat(templates.calls).containsExactly("remove debian-13");
    assertThat(screen.out).isEmpty();
  }

  @Test
  void everyCommand_hasHelpWithAnExample() {
    for (CommandSpec spec : vzpkg.commands()) {
      Screen one = new Screen();
      String[] words = ("help " + spec.name()).split(" ");
      assertThat(one.run(vzpkg, words)).isZero();
      assertThat(one.out.toString()).contains("Usage: vzpkg " + spec.name()).contains("Example");
    }
    assertThat(Vzpkg.joined(List.of("create", "cache", "x"))).containsExactly("create cache", "x");
    assertThat(screen.run(vzpkg)).isEqualTo(20);
    assertThat(screen.run(vzpkg, "--version")).isZero();
  }
}
