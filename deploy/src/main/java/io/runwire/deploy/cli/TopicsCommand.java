package io.runwire.deploy.cli;

import io.runwire.processor.topics.TopicSetup;
import io.runwire.topic.AuditPeriod;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code runwire topics}. */
@Command(
    name = "topics",
    description = "Creates the topics that are missing and checks those that exist.",
    mixinStandardHelpOptions = true)
final class TopicsCommand implements Callable<Integer> {
  @Option(names = "--bootstrap", required = true, description = "Kafka brokers, host:port,…")
  private String bootstrap = "";

  @Option(
      names = "--partitions",
      defaultValue = "64",
      description = "Partitions of the log, fixed for its life (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = "--replication-factor",
      defaultValue = "3",
      description = "Default: ${DEFAULT-VALUE}.")
  private short replicationFactor;

  @Option(
      names = "--retention",
      paramLabel = "DAYS",
      defaultValue = "180",
      description = "How long the log is kept for audit, at least (default: ${DEFAULT-VALUE}).")
  private int retentionDays;

  @Option(
      names = "--payload-encryption",
      description = "With the topic thread-keys, which payload.encryption=on needs.")
  private boolean sealed;

  @Override
  public Integer call() throws Exception {
    AuditPeriod period = new AuditPeriod(Duration.ofDays(retentionDays));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      TopicSetup.ensure(admin, partitions, replicationFactor, period, sealed);
    }
    System.out.println("topics are there and fit");
    return 0;
  }
}
