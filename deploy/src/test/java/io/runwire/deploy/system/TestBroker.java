package io.runwire.deploy.system;

import io.runwire.loadtest.process.BrokerConfig;
import io.runwire.loadtest.process.EmbeddedKafka;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The broker that the tests run against: in this process, or with {@code -Pdocker} in a container
 * where a Docker engine is present.
 */
interface TestBroker extends AutoCloseable {
  String bootstrapServers();

  @Override
  void close();

  static TestBroker start() {
    if (!"docker".equals(System.getProperty("runwire.test.broker"))) {
      EmbeddedKafka kafka = EmbeddedKafka.start(BrokerConfig.temporary());
      return of(kafka.bootstrapServers(), kafka::close);
    }
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      System.out.println("SKIPPED: -Pdocker was asked for, but no Docker engine answers here");
      org.junit.jupiter.api.Assumptions.abort("no Docker engine");
    }
    KafkaContainer container =
        new KafkaContainer(DockerImageName.parse("apache/kafka-native:4.3.1"));
    container.start();
    return of(container.getBootstrapServers(), container::stop);
  }

  private static TestBroker of(String bootstrapServers, Runnable stop) {
    return new TestBroker() {
      @Override
      public String bootstrapServers() {
        return bootstrapServers;
      }

      @Override
      public void close() {
        stop.run();
      }
    };
  }
}
