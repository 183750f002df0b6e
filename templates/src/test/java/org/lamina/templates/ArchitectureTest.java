package org.lamina.templates;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final String ROOT = "org.lamina.templates";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void templatesAreALibraryOfTheVocabularyAlone() {
    classes()
        .that()
        .resideInAPackage(ROOT + "..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "..",
            "org.lamina.schema..",
            "java..",
            "tools.jackson..",
            "com.fasterxml.jackson.annotation..",
            "org.jspecify..")
        .check(CLASSES);
  }

  @Test
  void storeAndDistributionsDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".store..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".debian..")
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + ".debian..", ROOT + ".build..", ROOT + ".tree..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + ".store..")
        .check(CLASSES);
  }

  /**
   * What is particular to a family is behind the ports; a third one must not find any of it here.
   */
  @Test
  void onlyFamiliesNameTheirPackageManagers() throws IOException {
    Pattern names = Pattern.compile("\\b(dpkg|apt-get|apt-mark|rpm|rpmdb|dnf|yum)\\b");
    List<String> found = new ArrayList<>();
    for (String common : List.of("patch", "store", "tree")) {
      Path sources = Path.of("src/main/java/org/lamina/templates", common);
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          String inside = sources.relativize(file).toString();
          if (!inside.matches("(debian|rpm)/.*")) {
            Files.readAllLines(file).stream()
                .filter(line -> !line.strip().matches("(\\*|/\\*\\*?|//).*"))
                .filter(line -> names.matcher(line).find())
                .forEach(line -> found.add(inside + ": " + line.strip()));
          }
        }
      }
    }
    assertThat(found).isEmpty();
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }
}
