package org.lamina.agent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessesTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "256, 1", "65280, 255", "9, 137", "15, 143", "139, 139"})
  void exitCode_isWhatAShellWouldSay(int waitStatus, int code) {
    assertThat(Processes.exitCode(waitStatus)).isEqualTo(code);
  }
}
