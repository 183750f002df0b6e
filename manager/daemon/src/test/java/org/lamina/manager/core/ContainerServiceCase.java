package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.lamina.schema.ByteSize;
import org.lamina.schema.Ctid;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Limits;

/** A daemon on fakes, and short words for what tests of {@link ContainerService} ask of it. */
abstract class ContainerServiceCase {
  static final Ctid CTID = new Ctid(101);
  static final SettingsChange NOTHING =
      new SettingsChange(Limits.NONE, null, null, null, null, null, null, null, null);

  @TempDir Path dir;
  TestHost host;
  TestDaemon daemon;
  ContainerService service;
  Lines lines;

  @BeforeEach
  void boot() throws Exception {
    host = new TestHost(dir, Map.of("STOP_TIMEOUT", "1"));
    daemon = host.boot();
    service = daemon.containers();
    lines = daemon.lines;
  }

  @AfterEach
  void closeHost() {
    host.close();
  }

  void forgetLines() {
    lines.said.clear();
    lines.warned.clear();
  }

  static Limits ram(int megabytes) {
    return new Limits(new ByteSize((long) megabytes << 20), null, null, null, null);
  }

  void setLimits(Limits limits, boolean save) {
    set(new SettingsChange(limits, null, null, null, null, null, null, null, null), save);
  }

  static SettingsChange change(
      String name, String description, Boolean onboot, Integer order, Boolean disabled) {
    return new SettingsChange(
        Limits.NONE, null, name, description, onboot, order, disabled, null, null);
  }

  void set(SettingsChange change, boolean save) {
    service.set(CTID, change, save, lines);
  }

  static LaminaException assertFails(ExitCode code, ThrowingCallable call) {
    LaminaException e = catchThrowableOfType(LaminaException.class, call);
    assertThat(e).as("a refusal with %s", code).isNotNull();
    assertThat(e.exitCode()).as(e.text()).isEqualTo(code);
    return e;
  }
}
