package org.lamina.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;

/** The arrows between the rooms of this module. */
@AnalyzeClasses(packages = "org.lamina.agent", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule onlyTheBindingKnowsJna =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.lamina.agent.sys.jna")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.sun.jna..");

  @ArchTest
  static final ArchRule theSeamKnowsNobody =
      noClasses()
          .that()
          .resideInAPackage("org.lamina.agent.sys..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.lamina.agent",
              "org.lamina.agent.runtime",
              "org.lamina.agent.mount",
              "org.lamina.agent.cgroup");

  @ArchTest
  static final ArchRule parsersKnowNobody =
      noClasses()
          .that()
          .resideInAPackage("org.lamina.agent.proc")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.lamina.agent.sys..", "org.lamina.agent.runtime");

  @ArchTest
  static final ArchRule aLibraryWithoutSpring =
      noClasses().should().dependOnClassesThat().resideInAnyPackage("org.springframework..");

  @ArchTest
  static final ArchRule noCycles =
      SlicesRuleDefinition.slices()
          .matching(
              "org.lamina.agent.(cgroup|device|disk|mount|namespace|proc|runtime|seccomp|host)..")
          .should()
          .beFreeOfCycles();
}
