package io.sluice;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Checks what the packages of this module use and expose. */
class ArchitectureTest {

  private static final JavaClasses ADMIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice.repository", "io.sluice.redrive");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.sluice.(**)").should().beFreeOfCycles().check(ADMIN);
  }

  @Test
  void usesTheContractButNotTheWriter() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.writer..", "io.sluice.routing..")
        .check(ADMIN);
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
        .check(ADMIN);
  }

  @Test
  void noPublicMethodShowsAnInternalType() {
    methods()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackage("..internal..")
        .should(showNoInternalType())
        .check(ADMIN);
  }

  private static ArchCondition<JavaMethod> showNoInternalType() {
    return new ArchCondition<>("show no internal type") {
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
  void anInternalTypeIsPublicOnlyIfAnotherPackageUsesIt() {
    classes()
        .that()
        .resideInAPackage("..internal..")
        .and()
        .arePublic()
        .should(beUsedByAnotherPackage())
        .check(ADMIN);
  }

  private static ArchCondition<JavaClass> beUsedByAnotherPackage() {
    return new ArchCondition<>("be used by another package") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean used =
            type.getDirectDependenciesToSelf().stream()
                .anyMatch(use -> !use.getOriginClass().getPackage().equals(type.getPackage()));
        if (!used) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getName() + " is public, and no other package uses it"));
        }
      }
    };
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
        .check(ADMIN);
  }
}
