package org.lamina.agent.cgroup;

import org.lamina.schema.ExitCode;

/** The option an operator set, for messages and exit codes. */
enum LimitOption {
  RAM("--ram", ExitCode.UBC_FAILED),
  SWAP("--swap", ExitCode.UBC_FAILED),
  CPULIMIT("--cpulimit", ExitCode.CPU_FAILED),
  CPUUNITS("--cpuunits", ExitCode.CPU_FAILED),
  NUMPROC("--numproc", ExitCode.UBC_FAILED);

  private final String text;
  private final ExitCode exitCode;

  LimitOption(String text, ExitCode exitCode) {
    this.text = text;
    this.exitCode = exitCode;
  }

  String text() {
    return text;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
