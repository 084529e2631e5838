package io.sluice.handlers;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice.handlers");

  @Test
  void onlyConsumeKnowsTheConsumer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sluice.handlers.internal.consume")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(KafkaConsumer.class)
        .check(CLASSES);
  }

  @Test
  void onlyDeadLettersKnowTheProducer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.sluice.handlers.internal.deadletter")
        .should()
        .dependOnClassesThat()
        .areAssignableTo(KafkaProducer.class)
        .check(CLASSES);
  }

  @Test
  void onlyStatusAndDispatchKnowJdbcConnections() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.sluice.handlers.internal.status",
            "io.sluice.handlers.internal.dispatch",
            "io.sluice.handlers.api")
        .should()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are statements or connections",
                type ->
                    type.getPackageName().equals("java.sql")
                        && !type.isAssignableTo(Exception.class)))
        .check(CLASSES);
  }

  @Test
  void onlyTheMetersNeedMicrometer() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(HandlerMeters.class)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micrometer..")
        .check(CLASSES);
  }

  @Test
  void anInternalTypeIsPublicOnlyIfAnotherPackageNamesIt() {
    classes()
        .that()
        .resideInAPackage("io.sluice.handlers.internal..")
        .and()
        .areTopLevelClasses()
        .and()
        .arePublic()
        .should(beNamedByAnotherPackage())
        .check(CLASSES);
  }

  private static ArchCondition<JavaClass> beNamedByAnotherPackage() {
    return new ArchCondition<>("be named by another package") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        // Naming RowRequest.Read is a dependency on that type alone.
        boolean isNamed =
            CLASSES.stream()
                .filter(one -> one.equals(type) || one.getName().startsWith(type.getName() + "$"))
                .flatMap(one -> one.getDirectDependenciesToSelf().stream())
                .anyMatch(use -> !use.getOriginClass().getPackage().equals(type.getPackage()));
        if (!isNamed) {
          events.add(
              SimpleConditionEvent.violated(
                  type, type.getName() + " is public and no other package names it"));
        }
      }
    };
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.sluice.handlers.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void internalsDoNotKnowTheEntryPoint() {
    noClasses()
        .that()
        .resideInAPackage("io.sluice.handlers.*..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.sluice.handlers")
        .check(CLASSES);
  }

  @Test
  void publicMethodsShowNothingInternal() {
    methods()
        .that()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .and()
        .areDeclaredInClassesThat()
        .resideInAnyPackage("io.sluice.handlers", "io.sluice.handlers.api")
        .should(showNothingInternal())
        .check(CLASSES);
  }

  private static ArchCondition<JavaMethod> showNothingInternal() {
    return new ArchCondition<>("show nothing internal") {
      @Override
      public void check(JavaMethod method, ConditionEvents events) {
        Stream.concat(Stream.of(method.getRawReturnType()), method.getRawParameterTypes().stream())
            .map(JavaClass::getPackageName)
            .filter(name -> name.startsWith("io.sluice.handlers.internal"))
            .forEach(
                name ->
                    events.add(
                        SimpleConditionEvent.violated(
                            method, method.getFullName() + " shows a type of " + name)));
      }
    };
  }

  @Test
  void noClassSleepsExitsOrReadsTheEnvironment() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLASSES);
    noClasses().should().callMethod(Thread.class, "sleep", long.class, int.class).check(CLASSES);
    noClasses().should().callMethod(System.class, "exit", int.class).check(CLASSES);
    noClasses().should().callMethod(System.class, "getenv").check(CLASSES);
    noClasses().should().callMethod(System.class, "getenv", String.class).check(CLASSES);
  }

  @Test
  void ofTheOtherModulesOnlyTheContractIsKnown() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.writer..", "io.sluice.relay..", "io.debezium..")
        .check(CLASSES);
  }
}
