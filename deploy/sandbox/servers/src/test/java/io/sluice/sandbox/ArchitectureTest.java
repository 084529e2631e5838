package io.sluice.sandbox;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.sluice.sandbox.server.internal.way.SandboxEnvironment;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice.sandbox");

  @Test
  void hasNoCyclesAmongPackages() {
    slices().matching("io.sluice.sandbox.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void keepsJUnitInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sluice.sandbox.junit")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.junit..")
        .check(CLASSES);
  }

  @Test
  void keepsContainersBehindOneInterface() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..internal.docker", "..internal.mysql", "..internal.kafka")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.testcontainers..", "com.github.dockerjava..")
        .check(CLASSES);
  }

  @Test
  void readsTheEnvironmentInOnePlace() {
    noClasses()
        .that()
        .areNotAssignableTo(SandboxEnvironment.class)
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(CLASSES);
  }

  @Test
  void neverSleepsNorExits() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(CLASSES);
  }
}
