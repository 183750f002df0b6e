package org.lamina.manager.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a family of distributions calls its tools is the families' business. */
class FamilyNamesTest {
  private static final Pattern NAMES =
      Pattern.compile("\\b(dpkg|apt-get|apt-mark|rpm|rpmdb|dnf|yum)\\b");

  @Test
  void theCoreNamesNoPackageManager() throws IOException {
    List<String> found = new ArrayList<>();
    int lines = 0;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/lamina/manager/core"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        for (String line : Files.readAllLines(file)) {
          lines++;
          if (NAMES.matcher(line).find()) {
            found.add(file.getFileName() + ": " + line.strip());
          }
        }
      }
    }
    assertThat(lines).isGreaterThan(1000);
    assertThat(found).isEmpty();
  }
}
