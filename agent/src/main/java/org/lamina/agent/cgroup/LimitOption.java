package org.lamina.agent.cgroup;

import org.jspecify.annotations.Nullable;
import org.lamina.schema.ExitCode;

/** The option an operator set, for messages and exit codes. */
enum LimitOption {
  RAM("--ram", ExitCode.UBC_FAILED, LimitOption.LESS_MEMORY),
  SWAP("--swap", ExitCode.UBC_FAILED, LimitOption.LESS_MEMORY),
  GUARANTEE("--memguarantee", ExitCode.UBC_FAILED, null),
  CPULIMIT("--cpulimit", ExitCode.CPU_FAILED, null),
  CPUUNITS("--cpuunits", ExitCode.CPU_FAILED, null),
  CPUS("--cpus", ExitCode.CPU_FAILED, null),
  CPUMASK("--cpumask", ExitCode.CPU_FAILED, null),
  NODEMASK("--nodemask", ExitCode.CPU_FAILED, null),
  IOPRIO("--ioprio", ExitCode.UBC_FAILED, null),
  IOLIMIT("--iolimit", ExitCode.UBC_FAILED, null),
  IOPSLIMIT("--iopslimit", ExitCode.UBC_FAILED, null),
  NUMPROC("--numproc", ExitCode.UBC_FAILED, null);

  private static final String LESS_MEMORY =
      "A container cannot be given less memory than it uses and cannot let go of; stop something"
          + " inside or choose a larger limit.";

  private final String text;
  private final ExitCode exitCode;
  private final @Nullable String hint;

  LimitOption(String text, ExitCode exitCode, @Nullable String hint) {
    this.text = text;
    this.exitCode = exitCode;
    this.hint = hint;
  }

  String text() {
    return text;
  }

  ExitCode exitCode() {
    return exitCode;
  }

  /** What to do when the kernel refuses it. */
  String hint() {
    return hint != null ? hint : "No limit of the container was changed.";
  }
}
