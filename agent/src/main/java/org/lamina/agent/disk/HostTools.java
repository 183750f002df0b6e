package org.lamina.agent.disk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.lamina.schema.ExitCode;
import org.lamina.schema.LaminaException;
import org.lamina.schema.Printable;

/** Runs the host's programs for file systems; no shell and no words of operators. */
final class HostTools {
  private static final List<Path> DIRECTORIES =
      List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin"));
  private static final Map<String, String> PACKAGES = Map.of("mount", "mount", "cp", "coreutils");

  private HostTools() {}

  /**
   * @param most the highest exit code that is no failure
   * @throws LaminaException SYSTEM, or DISK_FULL, with what it answered
   */
  static void run(int most, String name, String... arguments) {
    List<String> argv = new ArrayList<>();
    argv.add(program(name));
    argv.addAll(Arrays.asList(arguments));
    ProcessBuilder builder = new ProcessBuilder(argv).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL", "C"));
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Process process = null;
    try {
      process = builder.start();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      if (code > most) {
        throw failed(
            name, Printable.shorten(output.replace('\n', ' '), 300) + " (code " + code + ")");
      }
    } catch (IOException e) {
      throw failed(name, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw failed(name, "it was cancelled");
    }
  }

  static boolean installed(String name) {
    return DIRECTORIES.stream().anyMatch(d -> Files.isExecutable(d.resolve(name)));
  }

  private static LaminaException failed(String name, String why) {
    boolean full = why.contains("No space left on device");
    return new LaminaException(
        full ? ExitCode.DISK_FULL : ExitCode.SYSTEM,
        name + " failed: " + why,
        full ? "Free space on the file system of the state directory." : null);
  }

  private static String program(String name) {
    return DIRECTORIES.stream()
        .map(directory -> directory.resolve(name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new LaminaException(
                ExitCode.NO_KERNEL_SUPPORT,
                "the program " + name + " is missing on this host",
                "Install it: apt-get install " + PACKAGES.getOrDefault(name, "e2fsprogs")))
        .toString();
  }
}
