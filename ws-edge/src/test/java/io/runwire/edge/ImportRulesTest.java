package io.runwire.edge;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import io.runwire.frame.CloseCode;
import org.junit.jupiter.api.Test;

/** Who may know whom. */
class ImportRulesTest {
  private static final String ROOT = "io.runwire.edge";
  private static final String KAFKA_CLIENTS = "org.apache.kafka.clients..";
  private static final String JETTY = "org.eclipse.jetty..";

  private static final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages(ROOT);

  @Test
  void theHubKnowsNeitherKafkaNorJetty() {
    mayNotKnow("hub", KAFKA_CLIENTS, JETTY);
  }

  @Test
  void theFeedKnowsNoJetty() {
    mayNotKnow("feed", JETTY);
  }

  @Test
  void socketsAndHttpKnowNoKafkaClients() {
    mayNotKnow("socket", KAFKA_CLIENTS);
    mayNotKnow("http", KAFKA_CLIENTS);
    mayNotKnow("console", KAFKA_CLIENTS);
    mayNotKnow("ops", KAFKA_CLIENTS);
  }

  @Test
  void accessKnowsNeither() {
    mayNotKnow("access", KAFKA_CLIENTS, JETTY);
  }

  @Test
  void tlsKnowsOnlyItsSettings() {
    mayNotKnow("tls", KAFKA_CLIENTS);
    mayNotKnow("tls", ROOT + ".hub..", ROOT + ".http..", ROOT + ".access..", ROOT + ".ops..");
  }

  @Test
  void theHubKnowsNobodyAboveIt() {
    mayNotKnow("hub", ROOT + ".feed..", ROOT + ".socket..", ROOT + ".http..", ROOT + ".access..");
    mayNotKnow("feed", ROOT + ".socket..", ROOT + ".http..", ROOT + ".access..");
  }

  @Test
  void theBoundsKnowTheSettingsAlone() {
    mayNotKnow("bounds", KAFKA_CLIENTS, JETTY);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".bounds..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..")
                .and(not(resideInAnyPackage(ROOT + ".bounds..", ROOT + ".settings.."))))
        .check(classes);
  }

  @Test
  void theSettingsKnowNobody() {
    mayNotKnow("settings", KAFKA_CLIENTS, JETTY);
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".settings..")
        .should()
        .dependOnClassesThat(
            resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT + ".settings.."))))
        .check(classes);
  }

  @Test
  void nobodyKnowsTheOtherModules() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.runwire.producer..", "io.runwire.processor..", "io.runwire.deploy..")
        .check(classes);
  }

  @Test
  void packagesDoNotGoInCircles() {
    SlicesRuleDefinition.slices()
        .matching(ROOT + ".(*)..")
        .should()
        .beFreeOfCycles()
        .check(classes);
  }

  @Test
  void nobodyClosesWithACodeThatIsReserved() {
    for (CloseCode reserved : CloseCode.RESERVED) {
      noClasses().should().accessField(CloseCode.class, reserved.name()).check(classes);
    }
  }

  private static void mayNotKnow(String name, String... others) {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(classes);
  }
}
