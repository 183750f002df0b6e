package org.lamina.templates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

class UpdateRequestTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "apt",
        "libstdc++6",
        "g++",
        "libssl3=3.0.17-1~deb12u2",
        "libc6:i386",
        "tzdata=1:2024a-0+deb12u1",
        "openssl:amd64=3.0.17-1~deb12u2",
        "NetworkManager",
        "glibc:x86_64=2.34-100.el9_4.2",
        "python3-gobject_x=1.0^git1-1"
      })
  void namesOfPackages(String name) {
    assertThat(UpdateRequest.packages(List.of(name)).describe()).isEqualTo("packages " + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "apt-",
        "-y",
        "--force-yes",
        "apt/stable",
        "apt=",
        "apt=1-",
        "apt=1;reboot",
        "apt dpkg",
        "./x.deb",
        "apt\n",
        "apt*",
        "^apt",
        "apt:=1",
        "libc6:=1",
        "apt=1 "
      })
  void whatAptWouldTakeForSomethingElse(String name) {
    assertThatThrownBy(() -> UpdateRequest.packages(List.of(name)))
        .isInstanceOfSatisfying(
            LaminaException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_PARAMETER));
  }

  @Test
  void emptyRequestsAreRefused() {
    assertThatThrownBy(() -> UpdateRequest.packages(List.of())).isInstanceOf(LaminaException.class);
    assertThatThrownBy(() -> UpdateRequest.script(" \n")).isInstanceOf(LaminaException.class);
    assertThatThrownBy(() -> UpdateRequest.script("x".repeat(2_000_000)))
        .isInstanceOf(LaminaException.class);
  }

  @Test
  void aDryRunIsTheSameRequest() {
    assertThat(UpdateRequest.security().asDryRun().scope())
        .isEqualTo(UpdateRequest.security().scope());
    assertThat(UpdateRequest.security().asDryRun().dryRun()).isTrue();
    assertThat(UpdateRequest.security().describe()).isEqualTo("security updates");
    assertThat(UpdateRequest.everything().describe()).isEqualTo("all packages");
    assertThat(UpdateRequest.script("true").describe()).isEqualTo("a script");
  }
}
