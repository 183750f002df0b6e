package org.lamina.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.lamina.schema.ExitCode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@code vzctl set} saves, what it does not, and that it does all or nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SetIT {
  private LaminaHost host;
  private Guest guest;

  @BeforeAll
  void startDaemon() {
    host = LaminaHost.start();
  }

  @AfterAll
  void nothingIsLeft() {
    host.close();
  }

  @BeforeEach
  void create() {
    guest = Guest.create(host, 901, "debian-12", "--hostname", "web1");
  }

  @AfterEach
  void destroy() {
    guest.destroy();
  }

  private CommandResult set(String... options) {
    return guest.vzctl("set", options);
  }

  private String list(String field) {
    return host.run("vzlist", "-H", "-o", field, "901").ok().text();
  }

  private JsonNode json() {
    return JsonMapper.shared().readTree(host.run("vzlist", "-j", "901").ok().stdout()).get(0);
  }

  @Test
  void withoutSaveItHoldsUntilTheStop() throws IOException {
    guest.started();
    String before = Files.readString(guest.privateArea().resolve("ve.conf"));
    CommandResult live = set("--ram", "256M", "--cpulimit", "50", "--hostname", "other").ok();
    assertThat(live.stdout()).contains("UB limits were set successfully", "Setting CPU limit: 50");
    assertThat(live.stdout()).doesNotContain("saved");
    assertThat(live.stderr()).contains("--save");
    assertThat(guest.text("hostname")).isEqualTo("other");
    assertThat(Files.readString(guest.privateArea().resolve("ve.conf"))).isEqualTo(before);
    assertThat(list("hostname")).isEqualTo("web1");
    guest.vzctl("restart", "--wait").ok();
    assertThat(guest.text("hostname")).isEqualTo("web1");
    assertThat(json().get("ram").isNull()).isTrue();
  }

  @Test
  void withSaveItHoldsForGood() {
    guest.started();
    CommandResult saved = set("--ram", "256M", "--swap", "1G", "--numproc", "200", "--save").ok();
    assertThat(saved.stdout().lines())
        .containsExactly(
            "UB limits were set successfully",
            "CT configuration saved to " + guest.privateArea().resolve("ve.conf"));
    assertThat(saved.stderr()).isEmpty();
    assertThat(guest.conf("PHYSPAGES")).isEqualTo("0:65536");
    assertThat(guest.conf("SWAPPAGES")).isEqualTo("0:262144");
    assertThat(guest.conf("NUMPROC")).isEqualTo("200");
    host.kill9();
    host.startDaemon();
    guest.vzctl("restart").ok();
    assertThat(json().get("physpages").get("limit").asLong()).isEqualTo(65536);
    assertThat(json().get("numproc").get("limit").asLong()).isEqualTo(200);
    assertThat(set("--ram", "256M", "--save").ok().stdout())
        .contains("No changes in CT configuration, not saving");
    set("--ram", "unlimited", "--swap", "unlimited", "--numproc", "unlimited", "--save").ok();
    assertThat(guest.conf("PHYSPAGES")).isEqualTo("0:unlimited");
  }

  @Test
  void onAStoppedContainerOnlySavingIsPossible() throws IOException {
    String before = Files.readString(guest.privateArea().resolve("ve.conf"));
    assertThat(set("--ram", "256M").ended(ExitCode.NOT_RUNNING).stderr())
        .contains("not running", "--save");
    set("--hostname", "other").ended(ExitCode.NOT_RUNNING);
    assertThat(Files.readString(guest.privateArea().resolve("ve.conf"))).isEqualTo(before);
    assertThat(set("--cpuunits", "2000", "--hostname", "db.example.org", "--save").ok().stdout())
        .isEqualTo(
            "CT configuration saved to %s%n".formatted(guest.privateArea().resolve("ve.conf")));
    assertThat(guest.status()).isEqualTo("stopped");
    guest.started();
    assertThat(guest.text("hostname")).isEqualTo("db.example.org");
    assertThat(list("cpuunits")).isEqualTo("2000");
  }

  @Test
  void whatIsOnlySavedNeedsSave() {
    set("--name", "front").ended(ExitCode.NAME_FAILED);
    set("--description", "x").ended(ExitCode.USAGE);
    set("--onboot", "yes").ended(ExitCode.USAGE);
    set("--bootorder", "3").ended(ExitCode.USAGE);
    set("--disabled", "yes").ended(ExitCode.USAGE);
    set().ended(ExitCode.USAGE);
    assertThat(set("--save").ok().text()).isEqualTo("No changes in CT configuration, not saving");

    set(
            "--name",
            "front",
            "--description",
            "a \"quoted\" $(id) `id` \\ é 世",
            "--onboot",
            "yes",
            "--bootorder",
            "3",
            "--disabled",
            "yes",
            "--save")
        .ok();
    host.restart();
    JsonNode seen = json();
    assertThat(seen.get("name").asString()).isEqualTo("front");
    assertThat(seen.get("description").asString()).isEqualTo("a \"quoted\" $(id) `id` \\ é 世");
    assertThat(seen.get("onboot").asBoolean()).isTrue();
    assertThat(seen.get("bootorder").asInt()).isEqualTo(3);
    assertThat(seen.get("disabled").asBoolean()).isTrue();
    assertThat(host.run("vzlist", "-S", "-n", "-H").ok().text()).contains("front");

    set("--name", "", "--description", "", "--onboot", "no", "--disabled", "no", "--save").ok();
    JsonNode cleared = json();
    assertThat(cleared.get("name").isNull()).isTrue();
    assertThat(cleared.get("description").isNull()).isTrue();
    assertThat(cleared.get("onboot").asBoolean()).isFalse();
    host.run("vzctl", "status", "front").ended(ExitCode.BAD_PARAMETER);
  }

  @Test
  void aNameBelongsToOneContainer() {
    Guest other = Guest.create(host, 902, "debian-12", "--name", "taken");
    assertThat(
            set("--name", "taken", "--hostname", "other", "--save")
                .ended(ExitCode.NAME_FAILED)
                .stderr())
        .contains("902");
    assertThat(list("hostname")).isEqualTo("web1");
    other.vzctl("set", "--name", "given back", "--save").ok();
    set("--name", "taken", "--save").ok();
    assertThat(host.run("vzctl", "status", "taken").ok().text()).startsWith("CTID 901 ");
    assertThat(host.run("vzctl", "status", "given back").ok().text()).startsWith("CTID 902 ");
    other.destroy();
  }

  @Test
  void whenOneChangeFailsNothingIsChanged() throws IOException {
    guest.started();
    set("--ram", "512M", "--cpulimit", "75", "--save").ok();
    String before = Files.readString(guest.privateArea().resolve("ve.conf"));
    RunningCommand eater =
        guest.begin("exec3", "perl", "-e", "$x = 'a' x 200e6; print \"full\\n\"; $|=1; sleep 1000");
    Guest.await(
        "the memory is used",
        java.time.Duration.ofSeconds(20),
        () -> json().get("memory").asLong() > 200_000_000);
    CommandResult failed =
        set(
                "--ram",
                "64M",
                "--cpulimit",
                "10",
                "--cpuunits",
                "300",
                "--numproc",
                "77",
                "--hostname",
                "other",
                "--name",
                "other",
                "--save")
            .ended(ExitCode.UBC_FAILED);
    assertThat(failed.stderr())
        .contains(
            "--ram", "in use", "failed to apply some parameters, not saving configuration file");
    assertThat(failed.stdout()).doesNotContain("saved");
    assertThat(Files.readString(guest.privateArea().resolve("ve.conf"))).isEqualTo(before);
    assertThat(guest.text("hostname")).isEqualTo("web1");
    assertThat(list("cpulimit")).isEqualTo("75");
    assertThat(SetLiveIT.cpuQuota(host, guest)).isEqualTo(0.75);
    assertThat(SetLiveIT.memory(host, guest)).isEqualTo(512L << 20);
    assertThat(eater.process().isAlive()).isTrue();

    set("--cpulimit", "10", "--hostname", "no good", "--save").ended(ExitCode.BAD_HOSTNAME);
    assertThat(SetLiveIT.cpuQuota(host, guest)).isEqualTo(0.75);
    eater.process().toHandle().destroy();
  }

  @Test
  void limitsOfASampleAreTaken() {
    Guest sample = Guest.create(host, 903, "debian-12", "--config", "vswap-256m");
    assertThat(sample.conf("PHYSPAGES")).isEqualTo("0:65536");
    sample.vzctl("start").ok();
    assertThat(SetLiveIT.memory(host, sample)).isEqualTo(256L << 20);
    sample.destroy();
  }
}
