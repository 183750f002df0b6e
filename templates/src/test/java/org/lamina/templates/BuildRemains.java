package org.lamina.templates;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What builds and updates of templates must not leave, whether they succeed or not. */
public final class BuildRemains {
  private BuildRemains() {}

  /**
   * Fails if files, mounts or processes are left.
   *
   * @param store directory of the templates
   * @param place everything of the test is below it
   */
  public static void none(Path store, Path place) throws IOException {
    assertThat(store.resolve(".staging")).isEmptyDirectory();
    assertThat(
            Files.readString(Path.of("/proc/self/mountinfo"))
                .lines()
                .filter(l -> l.contains(place.toString())))
        .as("mounts")
        .isEmpty();
    assertThat(processes(store)).isEmpty();
  }

  /** Command lines of processes anywhere on this host that name what is being built there. */
  public static List<String> processes(Path store) {
    return ProcessHandle.allProcesses()
        .filter(p -> p.pid() != ProcessHandle.current().pid())
        .map(p -> commandLine(p.pid()))
        .filter(c -> c.contains(store + "/.staging/"))
        .toList();
  }

  private static String commandLine(long pid) {
    try {
      return new String(
              Files.readAllBytes(Path.of("/proc/" + pid + "/cmdline")), StandardCharsets.UTF_8)
          .replace('\0', ' ');
    } catch (IOException e) {
      return ""; // it has ended
    }
  }
}
