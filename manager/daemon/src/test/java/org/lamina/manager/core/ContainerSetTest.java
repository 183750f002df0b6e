package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.lamina.agent.ExecSpec;
import org.lamina.schema.BindMount;
import org.lamina.schema.ByteSize;
import org.lamina.schema.CpuList;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;
import org.lamina.schema.LimitsBuilder;

/** Settings: live, saved, both or neither. */
class ContainerSetTest extends ContainerServiceCase {
  @Test
  void set_withoutSave_isLiveOnly_andSaysSo() {
    daemon.create(101);
    assertFails(ExitCode.NOT_RUNNING, () -> setLimits(ram(512), false));
    daemon.start(101);
    forgetLines();
    setLimits(ram(512), false);
    assertThat(host.kernel.running.get(CTID).applied).containsExactly(ram(512));
    assertThat(lines.said).containsExactly("UB limits were set successfully");
    assertThat(lines.warned).hasSize(1).first().asString().contains("--save");
    assertThat(host.store.find(CTID).orElseThrow().limits()).isEqualTo(Limits.NONE);
  }

  @Test
  void set_withSave_onAStoppedOne_savesOnly() {
    daemon.create(101);
    forgetLines();
    setLimits(new Limits(new ByteSize(5000), null, 12.5, 500, null), true);
    assertThat(lines.said).containsExactly("CT configuration saved to " + host.config.veConf(CTID));
    assertThat(host.store.find(CTID).orElseThrow().limits())
        .isEqualTo(new Limits(new ByteSize(8192), null, 12.5, 500, null));
    host.assertNothingLeaks();

    forgetLines();
    set(NOTHING, true);
    assertThat(lines.said).containsExactly("No changes in CT configuration, not saving");
  }

  @Test
  void set_withSave_thatFailsLive_savesNothing_andTakesBackWhatItDid() {
    daemon.create(101);
    daemon.start(101);
    daemon.runtime.failures.put("setHostname", new LaminaException(ExitCode.SYSTEM, "no"));
    SettingsChange both =
        new SettingsChange(ram(512), "other", null, null, null, null, null, null, null);
    assertFails(ExitCode.SYSTEM, () -> set(both, true));

    assertThat(lines.warned)
        .containsExactly("failed to apply some parameters, not saving configuration file");
    assertThat(host.store.find(CTID).orElseThrow().limits()).isEqualTo(Limits.NONE);
    List<Limits> applied = host.kernel.running.get(CTID).applied;
    assertThat(applied).hasSize(2);
    assertThat(applied.getLast()).isEqualTo(Limits.NONE);
  }

  @Test
  void set_changesOnlyWhatWasAsked_ofWhatHoldsNow() {
    daemon.create(101);
    setLimits(new Limits(null, null, 50.0, 1000, null), true);
    daemon.start(101);
    setLimits(ram(512), false);
    setLimits(new Limits(null, null, 75.0, null, null), true);
    List<Limits> applied = host.kernel.running.get(CTID).applied;
    assertThat(applied)
        .containsExactly(
            new Limits(new ByteSize(512L << 20), null, 50.0, 1000, null),
            new Limits(new ByteSize(512L << 20), null, 75.0, 1000, null));
    assertThat(host.store.find(CTID).orElseThrow().limits())
        .isEqualTo(new Limits(null, null, 75.0, 1000, null));

    daemon.runtime.failures.put("setHostname", new LaminaException(ExitCode.SYSTEM, "no"));
    SettingsChange both =
        new SettingsChange(ram(64), "other", null, null, null, null, null, null, null);
    assertFails(ExitCode.SYSTEM, () -> set(both, true));
    assertThat(applied.getLast())
        .as("back to what held, not to what is saved")
        .isEqualTo(new Limits(new ByteSize(512L << 20), null, 75.0, 1000, null));

    set(config(new ConfigChange(Map.of(), null, null, true)), false);
    assertThat(applied.getLast()).isEqualTo(new Limits(null, null, 75.0, 1000, null));
  }

  @Test
  void set_onAStoppedOne_savesNoLimitTheHostCannotHold() {
    daemon.create(101);
    daemon.runtime.failures.put(
        "requireLimits", new LaminaException(ExitCode.NO_KERNEL_SUPPORT, "no"));
    assertFails(ExitCode.NO_KERNEL_SUPPORT, () -> setLimits(ram(512), true));
    assertThat(host.store.find(CTID).orElseThrow().limits()).isEqualTo(Limits.NONE);
    set(change("one", null, null, null, null), true);
    assertFails(
        ExitCode.BAD_PARAMETER,
        () -> setLimits(new LimitsBuilder().cpuMask(CpuList.AUTO).build(), true));
  }

  @Test
  void set_bindsAllOrNone() {
    daemon.create(101);
    assertFails(ExitCode.BAD_PARAMETER, () -> set(binds("", "/mnt/a"), true));
    set(binds("/srv/a:/mnt/a,ro /srv/b:/mnt/b", ""), true);
    assertFails(ExitCode.BAD_PARAMETER, () -> set(binds("/x:/mnt/a", ""), true));
    daemon.start(101);
    assertThat(host.kernel.specs.get(CTID).bindMounts()).hasSize(2);
    List<String> bound = host.kernel.running.get(CTID).bound;
    bound.addAll(List.of("/srv/a:/mnt/a,ro", "/srv/b:/mnt/b"));

    set(binds("/srv/c:/mnt/c", "/mnt/a"), false);
    assertThat(bound).containsExactly("/srv/b:/mnt/b", "/srv/c:/mnt/c");
    set(binds("", "/mnt/c"), false);
    assertFails(ExitCode.BAD_PARAMETER, () -> set(binds("", "/mnt/c"), false));
    daemon.runtime.failures.put("bind", new LaminaException(ExitCode.ENVIRONMENT_FAILED, "no"));
    assertFails(ExitCode.ENVIRONMENT_FAILED, () -> set(binds("/srv/d:/mnt/d", ""), true));
    daemon.runtime.failures.clear();
    assertThat(bound).containsExactly("/srv/b:/mnt/b");
    SettingsChange spoiled =
        new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, "root:x")
            .with(binds("/srv/d:/mnt/d", "/mnt/b").config());
    daemon.runtime.commandExit = CompletableFuture.completedFuture(1);
    assertFails(ExitCode.PASSWORD_FAILED, () -> set(spoiled, true));
    assertThat(bound).containsExactly("/srv/b:/mnt/b");
    assertThat(host.store.find(CTID).orElseThrow().bindMounts()).hasSize(2);
    set(binds("", "all"), true);
    assertThat(bound).isEmpty();
    assertThat(host.store.find(CTID).orElseThrow().bindMounts()).isEmpty();
  }

  private static SettingsChange binds(String add, String delete) {
    return config(
        new ConfigChange(
            Map.of(),
            null,
            null,
            false,
            add.isEmpty() ? List.of() : BindMount.parseAll(add),
            delete.isEmpty() ? List.of() : List.of(delete)));
  }

  @Test
  void set_keepsCountersOfOpenVz_andSaysSo() {
    daemon.create(101);
    ConfigChange kept =
        new ConfigChange(
            Map.of("KMEMSIZE", new ConfigChange.Kept("--kmemsize", "1:2")), null, null, false);
    forgetLines();
    set(config(kept), false);
    assertThat(host.store.find(CTID).orElseThrow().extra()).isEmpty();
    set(config(kept), true);
    assertThat(host.store.find(CTID).orElseThrow().extra()).containsEntry("KMEMSIZE", "1:2");
    assertThat(lines.warned)
        .containsExactly(
            "--kmemsize has no counterpart in this kernel and is not enforced; without --save it"
                + " is not kept either",
            "--kmemsize has no counterpart in this kernel and is not enforced; its value is kept in"
                + " the configuration");
  }

  @Test
  void set_appliesASample_underWhatIsGivenBesideIt() throws Exception {
    Files.writeString(
        host.config.sample("small"),
        "PHYSPAGES=\"0:512M\"\nNUMPROC=200\nKMEMSIZE=\"1:1\"\nHOSTNAME=no\nONBOOT=yes\n");
    daemon.create(101);
    daemon.start(101);
    set(
        new SettingsChange(
                new Limits(null, null, null, null, 77L),
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null)
            .with(new ConfigChange(Map.of(), "small", null, false)),
        true);
    Container c = host.store.find(CTID).orElseThrow();
    assertThat(c.limits()).isEqualTo(new Limits(new ByteSize(512L << 20), null, null, null, 77L));
    assertThat(c.sample()).isEqualTo("small");
    assertThat(c.hostname()).isEqualTo("web101");
    assertThat(c.onboot()).isTrue();
    assertThat(c.extra()).containsEntry("KMEMSIZE", "1:1");
    assertThat(host.kernel.running.get(CTID).applied).containsExactly(c.limits());
    assertFails(
        ExitCode.SAMPLE_MISSING,
        () -> set(config(new ConfigChange(Map.of(), "none", null, false)), true));
    assertFails(
        ExitCode.USAGE, () -> set(config(new ConfigChange(Map.of(), null, "big", false)), false));
    set(config(new ConfigChange(Map.of(), null, "big", false)), true);
    assertThat(host.store.find(CTID).orElseThrow().sample()).isEqualTo("big");
    assertThat(host.store.find(CTID).orElseThrow().limits()).isEqualTo(c.limits());
  }

  private static SettingsChange config(ConfigChange config) {
    return new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, null)
        .with(config);
  }

  @Test
  void set_refusesWhatCannotBe() {
    daemon.create(101, "one");
    daemon.create(102, "two");
    assertFails(ExitCode.NAME_FAILED, () -> set(change("two", null, null, null, null), true));
    assertFails(ExitCode.NAME_FAILED, () -> set(change("new", null, null, null, null), false));
    assertFails(ExitCode.USAGE, () -> set(change(null, "x", null, null, null), false));
    assertFails(ExitCode.USAGE, () -> set(change(null, null, true, null, null), false));
    assertFails(ExitCode.USAGE, () -> set(change(null, null, null, 1, null), false));
    assertFails(
        ExitCode.BAD_PARAMETER, () -> setLimits(new Limits(null, null, null, 7, null), true));
    assertFails(
        ExitCode.BAD_PARAMETER, () -> setLimits(new Limits(null, null, -1.0, null, null), true));
    assertFails(
        ExitCode.BAD_PARAMETER, () -> setLimits(new Limits(null, null, null, null, 0L), true));
    set(change("one", null, null, null, null), true);
    set(change("", null, null, null, null), true);
    assertThat(host.store.find(CTID).orElseThrow().name()).isNull();
  }

  @Test
  void userPassword_travelsThroughStandardInputOnly_runningOrNot() {
    daemon.create(101);
    SettingsChange change =
        new SettingsChange(
            Limits.NONE, null, null, null, null, null, null, null, "admin:s3cret:with colon");
    set(change, true);
    daemon.start(101);
    set(change, false);

    assertThat(daemon.descriptors.inputs)
        .containsExactly("admin:s3cret:with colon\n", "admin:s3cret:with colon\n");
    assertThat(daemon.runtime.commands).hasSize(2);
    for (ExecSpec command : daemon.runtime.commands) {
      assertThat(command.toString()).doesNotContain("s3cret");
    }
    assertThat(lines.said.toString() + lines.warned + host.journal.latest(99))
        .doesNotContain("s3cret")
        .contains("Password of user admin was changed");
    assertThat(daemon.descriptors.closed).hasSize(4);
  }

  @Test
  void userPassword_thatFails_savesNothing_andShowsNoPassword() {
    daemon.create(101);
    daemon.runtime.commandExit = CompletableFuture.completedFuture(1);
    daemon.descriptors.output = "chpasswd: (user root) s3cret is too short\n";
    SettingsChange change =
        new SettingsChange(ram(512), null, null, null, null, null, null, null, "root:s3cret");

    LaminaException e = assertFails(ExitCode.PASSWORD_FAILED, () -> set(change, true));
    assertThat(e.text()).contains("is too short").doesNotContain("s3cret");
    assertThat(host.store.find(CTID).orElseThrow().limits()).isEqualTo(Limits.NONE);
    for (String bad : List.of("root", ":x", "root:", "a b:x", "-x:y", "root:a\nb", "../x:y")) {
      assertFails(
          ExitCode.BAD_PARAMETER,
          () ->
              set(
                  new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, bad),
                  true));
    }
  }
}
