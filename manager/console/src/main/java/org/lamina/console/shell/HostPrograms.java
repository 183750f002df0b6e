package org.lamina.console.shell;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;

/** Child processes with this process's own descriptors. */
public final class HostPrograms implements Programs {
  @Override
  public int foreground(List<String> command) {
    Process process = start(new ProcessBuilder(command).inheritIO());
    while (true) {
      try {
        return process.waitFor();
      } catch (InterruptedException e) {
        // the terminal is the program's until it ends
      }
    }
  }

  @Override
  public Captured capture(List<String> command) {
    Process process =
        start(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null"))));
    try {
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Captured(process.waitFor(), output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
      throw new LaminaException(ExitCode.SYSTEM, "interrupted: " + command.getFirst(), null, e);
    } catch (IOException e) {
      throw failed(command, e);
    }
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException e) {
      throw failed(builder.command(), e);
    }
  }

  private static LaminaException failed(List<String> command, IOException e) {
    return new LaminaException(
        ExitCode.SYSTEM,
        "cannot run " + command.getFirst() + ": " + e.getMessage(),
        "Is Lamina's package installed?",
        e);
  }
}
