package org.lamina.manager;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages; they point inward. */
@AnalyzeClasses(packages = "org.lamina", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String CORE = "org.lamina.manager.core..";
  private static final String STORE = "org.lamina.manager.store..";
  private static final String API = "org.lamina.manager.api..";
  private static final String CLI = "org.lamina.manager.cli..";
  private static final String WIRING = "org.lamina.manager.wiring..";

  @ArchTest
  static final ArchRule coreKnowsTheDomainOnly =
      classes()
          .that()
          .resideInAPackage(CORE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              CORE,
              "org.lamina.schema..",
              "org.lamina.templates..",
              "org.lamina.agent",
              "org.lamina.agent.sys",
              "org.lamina.agent.proc");

  @ArchTest
  static final ArchRule coreKnowsNoSql =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("java.sql..");

  @ArchTest
  static final ArchRule onlyTheStoreSeesSql =
      noClasses()
          .that()
          .resideOutsideOfPackage(STORE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "java.sql..",
              "javax.sql..",
              "org.h2..",
              "org.flywaydb..",
              "org.springframework.jdbc..");

  @ArchTest
  static final ArchRule onlyOnePackageSeesJna =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.lamina.agent.sys.jna..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.sun.jna..");

  @ArchTest
  static final ArchRule onlyTheRimSeesSpring =
      noClasses()
          .that()
          .resideOutsideOfPackages(API, WIRING, STORE, CLI)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework..", "jakarta..");

  @ArchTest
  static final ArchRule onlyTheApiSeesTheWebServer =
      noClasses()
          .that()
          .resideOutsideOfPackages(API, WIRING)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.tomcat..", "org.apache.catalina..", "org.apache.coyote..");

  @ArchTest
  static final ArchRule nobodyDependsOnTheWiring =
      noClasses()
          .that()
          .resideOutsideOfPackage(WIRING)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(WIRING);

  @ArchTest
  static final ArchRule frontEndsDoNotSeeTheStore =
      noClasses()
          .that()
          .resideInAnyPackage(API, CLI)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(STORE);

  @ArchTest
  static final ArchRule schemaKnowsNobody =
      noClasses()
          .that()
          .resideInAPackage("org.lamina.schema..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.lamina.agent..", "org.lamina.templates..", "org.lamina.manager..");
}
