package io.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.sluice.redrive.FailedEvents;
import io.sluice.redrive.Redrive;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The library stays a thin guest: what it depends on, every business service depends on. */
class ArchitectureTest {

  private static final JavaClasses WRITER =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(
              "io.sluice.outbox",
              "io.sluice.routing",
              "io.sluice.writer",
              "io.sluice.repository",
              "io.sluice.redrive");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.sluice.(*)..").should().beFreeOfCycles().check(WRITER);
  }

  @Test
  void knowsNeitherKafkaNorDebeziumNorADriverNorALogger() {
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
  void theContractKnowsNothingOfTheRest() {
    noClasses()
        .that()
        .resideInAPackage("io.sluice.outbox..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.sluice.routing..",
            "io.sluice.writer..",
            "io.sluice.repository..",
            "io.sluice.redrive..")
        .check(WRITER);
  }

  @Test
  void internalsDoNotKnowTheEntryPointNorEachOtherInCircles() {
    slices().matching("io.sluice.redrive.internal.(*)..").should().beFreeOfCycles().check(WRITER);
    noClasses()
        .that()
        .resideInAPackage("io.sluice.redrive.internal..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(Redrive.class, FailedEvents.class)
        .check(WRITER);
  }

  @Test
  void nothingInternalIsShown() {
    methods()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackage("..internal..")
        .should(showNothingInternal())
        .check(WRITER);
  }

  private static ArchCondition<JavaMethod> showNothingInternal() {
    return new ArchCondition<>("show nothing internal") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
            .map(JavaClass::getPackageName)
            .filter(name -> name.contains(".internal"))
            .forEach(
                name ->
                    events.add(
                        SimpleConditionEvent.violated(
                            method, method.getFullName() + " shows a type of " + name)));
      }
    };
  }

  @Test
  void internalsServeOnlyTheirOwn() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sluice.redrive..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.sluice.redrive.internal..")
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
