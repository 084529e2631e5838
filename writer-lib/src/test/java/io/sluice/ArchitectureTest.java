package io.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Every business service depends on this library, so it stays small and has few dependencies. */
class ArchitectureTest {

  private static final JavaClasses WRITER =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice.outbox", "io.sluice.routing", "io.sluice.writer");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.sluice.(**)").should().beFreeOfCycles().check(WRITER);
  }

  @Test
  void dependsOnNeitherKafkaNorDebeziumNorADriverNorALogger() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka..",
            "io.debezium..",
            "com.mysql..",
            "org.slf4j..",
            "java.util.logging..")
        .check(WRITER);
  }

  @Test
  void theContractDependsOnNoOtherPackage() {
    noClasses()
        .that()
        .resideInAPackage("io.sluice.outbox")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.routing..", "io.sluice.writer..")
        .check(WRITER);
  }

  @Test
  void neitherSleepsNorReadsTheEnvironmentNorStartsThreads() {
    noClasses()
        .should()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .orShould()
        .callMethod(Thread.class, "start")
        .check(WRITER);
  }
}
