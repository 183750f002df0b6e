package org.lamina.acceptance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Templates of a test's own, and what a build that was cut short could leave. */
final class TemplateRemains {
  /** Makes a host keep its templates to itself, below its state directory. */
  static final Map<String, String> OWN_TEMPLATES = Map.of("TEMPLATE", "");

  private TemplateRemains() {}

  /** A definition of an operator's own, which builds in a fraction of the time of others. */
  static void defineTiny(LaminaHost host) {
    try {
      Path directory = Files.createDirectories(host.configDir().resolve("templates.d"));
      Files.writeString(
          directory.resolve("tiny.json"),
          """
          {"summary": "As little as boots", "family": "debian", "release": "bookworm",
           "suites": ["bookworm"], "components": ["main"], "variant": "minbase",
           "packages": ["sysvinit-core"], "init": "sysvinit", "swappableTrees": ["usr"]}
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One line for each unfinished tree, mount or process of a build; empty if there is none. */
  static List<String> of(Path templates) {
    List<String> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(templates)) {
      entries
          .filter(entry -> String.valueOf(entry.getFileName()).startsWith("."))
          .filter(TemplateRemains::holdsSomething)
          .forEach(entry -> found.add("unfinished " + entry));
      for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
        if (line.contains(" " + templates + "/")) {
          found.add("mount " + line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ProcessHandle.allProcesses()
        .filter(p -> commandLine(p).contains(templates + "/"))
        .forEach(p -> found.add("process " + p.pid() + ": " + commandLine(p)));
    return found;
  }

  private static boolean holdsSomething(Path entry) {
    if (!Files.isDirectory(entry)) {
      return false;
    }
    try (Stream<Path> below = Files.list(entry)) {
      return below.anyMatch(Files::isDirectory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
          .replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }
}
