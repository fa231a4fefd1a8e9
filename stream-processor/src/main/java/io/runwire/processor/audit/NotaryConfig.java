package io.runwire.processor.audit;

import io.runwire.audit.NotaryKey;
import io.runwire.audit.NotaryPublicKey;
import io.runwire.config.SecretFile;
import io.runwire.config.Settings;
import io.runwire.topic.AuditPeriod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;

/**
 * How a notary is to run. The keys are public API.
 *
 * @param groupId the notaries that share the partitions
 * @param partitions of the log; fixed for life
 * @param auditPeriod for which the log must be kept, at least
 * @param key by which it signs
 * @param earlierKeys by which it signed before
 * @param archive folder for the checkpoints outside of Kafka
 * @param everyRecords a span has no more records
 * @param every a span lasts no longer
 * @param kafka further settings for the Kafka clients
 */
public record NotaryConfig(
    String bootstrapServers,
    String groupId,
    int partitions,
    AuditPeriod auditPeriod,
    NotaryKey key,
    List<NotaryPublicKey> earlierKeys,
    Path archive,
    int everyRecords,
    Duration every,
    String managementHost,
    int managementPort,
    Map<String, Object> kafka) {
  private static final ConfigDef.Validator NOT_EMPTY = new ConfigDef.NonEmptyString();

  /** Every key, with type, default and check. */
  public static final ConfigDef DEFINITION =
      AuditPeriod.define(new ConfigDef())
          .define(
              "bootstrap.servers",
              ConfigDef.Type.STRING,
              ConfigDef.NO_DEFAULT_VALUE,
              NOT_EMPTY,
              Importance.HIGH,
              "Kafka brokers to begin with, host:port, with commas between.")
          .define(
              "group.id",
              ConfigDef.Type.STRING,
              "runwire-notary",
              NOT_EMPTY,
              Importance.MEDIUM,
              "Consumer group of the notaries that share the work.")
          .define(
              "partitions",
              ConfigDef.Type.INT,
              64,
              Range.between(1, 10_000),
              Importance.HIGH,
              "Partitions of the log; must be what the topics have.")
          .define(
              "key.file",
              ConfigDef.Type.STRING,
              ConfigDef.NO_DEFAULT_VALUE,
              NOT_EMPTY,
              Importance.HIGH,
              "File with the key to sign by, for its owner alone, as 'runwire notary-key' wrote it.")
          .define(
              "earlier.keys",
              ConfigDef.Type.LIST,
              "",
              Importance.LOW,
              "Public keys by which it signed before.")
          .define(
              "archive.dir",
              ConfigDef.Type.STRING,
              ConfigDef.NO_DEFAULT_VALUE,
              NOT_EMPTY,
              Importance.HIGH,
              "Folder for the checkpoints outside of Kafka; best on another machine's disk.")
          .define(
              "checkpoint.records",
              ConfigDef.Type.INT,
              1_000,
              Range.between(1, 4_000),
              Importance.MEDIUM,
              "Records after which a partition is signed.")
          .define(
              "checkpoint.ms",
              ConfigDef.Type.LONG,
              10_000L,
              Range.between(100, 3_600_000),
              Importance.MEDIUM,
              "Time after which a partition with new records is signed.")
          .define(
              "management.host",
              ConfigDef.Type.STRING,
              "127.0.0.1",
              NOT_EMPTY,
              Importance.MEDIUM,
              "Interface of the management port.")
          .define(
              "management.port",
              ConfigDef.Type.INT,
              9093,
              Range.between(0, 65_535),
              Importance.MEDIUM,
              "Port of /livez, /readyz and /metrics; 0 for any.");

  public NotaryConfig {
    earlierKeys = List.copyOf(earlierKeys);
    kafka = Map.copyOf(kafka);
  }

  /**
   * Reads the settings and the key.
   *
   * @throws ConfigException naming the key, the value and what was expected
   */
  public static NotaryConfig of(Map<String, String> settings) {
    AbstractConfig config = Settings.read(DEFINITION, settings);
    return new NotaryConfig(
        config.getString("bootstrap.servers"),
        config.getString("group.id"),
        config.getInt("partitions"),
        AuditPeriod.of(config),
        key(Path.of(config.getString("key.file"))),
        earlierKeys(config.getList("earlier.keys")),
        Path.of(config.getString("archive.dir")),
        config.getInt("checkpoint.records"),
        Duration.ofMillis(config.getLong("checkpoint.ms")),
        config.getString("management.host"),
        config.getInt("management.port"),
        Settings.kafka(settings));
  }

  /** Every key whose signature stands in checkpoints of this notary. */
  List<NotaryPublicKey> keys() {
    List<NotaryPublicKey> keys = new ArrayList<>(earlierKeys);
    keys.add(key.publicKey());
    return keys;
  }

  private static NotaryKey key(Path file) {
    return NotaryKey.parse(String.join("\n", SecretFile.read("key.file", file)))
        .orElseThrow(
            () ->
                new ConfigException(
                    "key.file", file, "expected a key as 'runwire notary-key' writes it"));
  }

  private static List<NotaryPublicKey> earlierKeys(List<String> texts) {
    return texts.stream()
        .map(
            text ->
                NotaryPublicKey.parse(text)
                    .orElseThrow(
                        () ->
                            new ConfigException(
                                "earlier.keys", text, "expected <name>+<id>+<base64>")))
        .toList();
  }
}
