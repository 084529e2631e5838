package io.sluice.relay;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.sluice.relay.cli.RelayMain;
import io.sluice.relay.recovery.PositionCheck;
import org.junit.jupiter.api.Test;

/** Rules for packages and their dependencies. */
class ArchitectureTest {

  private static final JavaClasses RELAY =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.sluice.relay");

  private static final ArchCondition<JavaClass> BE_NAMED_BY_ANOTHER_PACKAGE =
      new ArchCondition<>("be named by another package") {
        @Override
        public void check(JavaClass type, ConditionEvents events) {
          boolean isNamed =
              type.getDirectDependenciesToSelf().stream()
                  .map(dependency -> dependency.getOriginClass().getPackageName())
                  .anyMatch(origin -> !origin.equals(type.getPackageName()));
          events.add(
              new SimpleConditionEvent(
                  type, isNamed, type.getName() + " is public, and only its package names it"));
        }
      };

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.sluice.relay.(*)..").should().beFreeOfCycles().check(RELAY);
  }

  /**
   * Except the main class, what tests of other packages name, and the classes that Debezium
   * instantiates by name, which implement its or Kafka's interfaces.
   */
  @Test
  void aTypeIsPublicOnlyIfAnotherPackageNamesIt() {
    classes()
        .that()
        .arePublic()
        .and()
        .areTopLevelClasses()
        .and(not(belongToAnyOf(RelayMain.class, PositionCheck.class)))
        .and(not(assignableTo(resideInAnyPackage("io.debezium..", "org.apache.kafka.."))))
        .should(BE_NAMED_BY_ANOTHER_PACKAGE)
        .check(RELAY);
  }

  @Test
  void onlyBinlogSchemaAndPipelineUseDebezium() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..relay.binlog", "..relay.schema", "..relay.pipeline")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.debezium..")
        .check(RELAY);
  }

  @Test
  void onlyThePublisherUsesProducers() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..relay.publish")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.apache.kafka.clients.producer.KafkaProducer")
        .check(RELAY);
  }

  @Test
  void onlyTheReadersOfOurOwnTopicsAndTheGroupConsume() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..relay.state", "..relay.group", "..relay.reconcile")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("org.apache.kafka.clients.consumer.KafkaConsumer")
        .check(RELAY);
  }

  @Test
  void onlyOpsUsesMicrometer() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..relay.ops")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.micrometer..")
        .check(RELAY);
  }

  @Test
  void onlyTheConfigurationReadsTheEnvironment() {
    noClasses()
        .that()
        .resideOutsideOfPackage("..relay.config")
        .should()
        .callMethod(System.class, "getenv")
        .orShould()
        .callMethod(System.class, "getenv", String.class)
        .check(RELAY);
  }

  @Test
  void onlyTheMainClassEndsTheProcess() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(RelayMain.class.getName())
        .should()
        .callMethod(System.class, "exit", int.class)
        .check(RELAY);
  }

  @Test
  void nothingSleeps() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(RELAY);
  }

  @Test
  void usesOnlyTheContractOfTheWriter() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.sluice.writer..", "io.sluice.handlers..")
        .check(RELAY);
  }
}
