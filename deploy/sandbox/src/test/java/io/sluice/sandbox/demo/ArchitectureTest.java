package io.sluice.sandbox.demo;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Checks that the demo uses only public interfaces, as users do. */
class ArchitectureTest {

  private static final JavaClasses DEMO =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice.sandbox.demo");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.sluice.sandbox.demo.(*)..").should().beFreeOfCycles().check(DEMO);
  }

  @Test
  void usesPublicInterfacesOnly() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.relay..", "io.sluice..internal..")
        .check(DEMO);
  }

  @Test
  void countsForItself() {
    noClasses()
        .that()
        .resideInAPackage("..demo.verify..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.handlers..", "io.sluice.writer..")
        .check(DEMO);
  }

  @Test
  void nothingSleeps() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(DEMO);
  }
}
