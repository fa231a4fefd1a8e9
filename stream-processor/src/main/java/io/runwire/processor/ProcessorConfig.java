package io.runwire.processor;

import io.runwire.config.Settings;
import io.runwire.processor.watchdog.WatchdogSettings;
import io.runwire.seal.KeyWrapper;
import io.runwire.seal.SealSettings;
import io.runwire.topic.AuditPeriod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;

/**
 * How a processor is to run. The keys are public API.
 *
 * @param bootstrapServers Kafka's
 * @param applicationId what the groups of the processors that share the work are named after
 * @param partitions of the log; fixed for life
 * @param threads stream threads, of the router and of the ledger each
 * @param advertisedHost under which other processors reach the ledger's port
 * @param http where the ledger answers, without tokens: for the edges only
 * @param management where probes and metrics answer
 * @param stateDir where the stores' files stand; they can be restored from Kafka
 * @param ledgerRetention for how long after its start a run stays in the ledger
 * @param auditPeriod for which the log must be kept, at least
 * @param watchdog how patient it is
 * @param payloadKeys what wraps threads' keys, where payloads are encrypted
 * @param kafka further settings for Kafka Streams and its clients
 */
public record ProcessorConfig(
    String bootstrapServers,
    String applicationId,
    int partitions,
    int threads,
    String advertisedHost,
    Listen http,
    Listen management,
    Path stateDir,
    Duration ledgerRetention,
    AuditPeriod auditPeriod,
    WatchdogSettings watchdog,
    Optional<KeyWrapper> payloadKeys,
    Map<String, Object> kafka) {

  /**
   * Where a port is opened.
   *
   * @param port 0 for any free one
   */
  public record Listen(String host, int port) {}

  private static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  private static final String APPLICATION_ID = "application.id";
  private static final String PARTITIONS = "partitions";
  private static final String THREADS = "threads";
  private static final String HTTP_HOST = "http.host";
  private static final String HTTP_PORT = "http.port";
  private static final String HTTP_ADVERTISED_HOST = "http.advertised.host";
  private static final String MANAGEMENT_HOST = "management.host";
  private static final String MANAGEMENT_PORT = "management.port";
  private static final String STATE_DIR = "state.dir";
  private static final String LEDGER_RETENTION_MS = "ledger.retention.ms";

  private static final String LOOPBACK = "127.0.0.1";
  private static final Set<String> EVERY_INTERFACE = Set.of("0.0.0.0", "::", "[::]");
  private static final Range PORT = Range.between(0, 65_535);
  private static final ConfigDef.Validator NOT_EMPTY = new ConfigDef.NonEmptyString();

  /** Every key, with type, default and check. */
  public static final ConfigDef DEFINITION =
      SealSettings.define(AuditPeriod.define(WatchdogSettings.define(new ConfigDef())))
          .define(
              BOOTSTRAP_SERVERS,
              ConfigDef.Type.STRING,
              ConfigDef.NO_DEFAULT_VALUE,
              NOT_EMPTY,
              Importance.HIGH,
              "Kafka brokers to begin with, host:port, with commas between.")
          .define(
              APPLICATION_ID,
              ConfigDef.Type.STRING,
              "runwire-processor",
              new ApplicationId(),
              Importance.MEDIUM,
              "Consumer group of the processors that share the work; with -ledger, of their ledgers.")
          .define(
              PARTITIONS,
              ConfigDef.Type.INT,
              64,
              Range.between(1, 10_000),
              Importance.HIGH,
              "Partitions of the log; must be what the topics have.")
          .define(
              THREADS,
              ConfigDef.Type.INT,
              2,
              Range.between(1, 256),
              Importance.MEDIUM,
              "Stream threads of this process, for the router and for the ledger each.")
          .define(
              HTTP_HOST,
              ConfigDef.Type.STRING,
              LOOPBACK,
              NOT_EMPTY,
              Importance.MEDIUM,
              "Interface of the ledger's port. It asks for no token: open it to the edges only.")
          .define(
              HTTP_PORT,
              ConfigDef.Type.INT,
              8081,
              PORT,
              Importance.MEDIUM,
              "The ledger's port; 0 for any.")
          .define(
              HTTP_ADVERTISED_HOST,
              ConfigDef.Type.STRING,
              "",
              Importance.MEDIUM,
              "Host under which other processors reach the ledger's port; http.host by default.")
          .define(
              MANAGEMENT_HOST,
              ConfigDef.Type.STRING,
              LOOPBACK,
              NOT_EMPTY,
              Importance.MEDIUM,
              "Interface of the management port.")
          .define(
              MANAGEMENT_PORT,
              ConfigDef.Type.INT,
              9091,
              PORT,
              Importance.MEDIUM,
              "Port of /livez, /readyz and /metrics; 0 for any.")
          .define(
              STATE_DIR,
              ConfigDef.Type.STRING,
              Path.of(System.getProperty("java.io.tmpdir"), "runwire-processor").toString(),
              NOT_EMPTY,
              Importance.MEDIUM,
              "Folder of the stores; restored from Kafka where it is empty.")
          .define(
              LEDGER_RETENTION_MS,
              ConfigDef.Type.LONG,
              Duration.ofDays(180).toMillis(),
              Range.atLeast(Duration.ofHours(1).toMillis()),
              Importance.LOW,
              "How long a run stays in the ledger, from its start; no less than audit.retention.ms.");

  public ProcessorConfig {
    kafka = Map.copyOf(kafka);
  }

  /** The consumer group of the routers, and the prefix of their changelog's name. */
  public String routerGroup() {
    return applicationId;
  }

  /** Likewise, of the ledgers. */
  public String ledgerGroup() {
    return applicationId + "-ledger";
  }

  /**
   * Reads the settings.
   *
   * @throws ConfigException naming the key, the value and what was expected
   */
  public static ProcessorConfig of(Map<String, String> settings) {
    AbstractConfig config = Settings.read(DEFINITION, settings);
    Map<String, Object> kafka = Settings.kafka(settings);
    StreamsSettings.refuseFixed(kafka);
    AuditPeriod auditPeriod = AuditPeriod.of(config);
    return new ProcessorConfig(
        config.getString(BOOTSTRAP_SERVERS),
        config.getString(APPLICATION_ID),
        config.getInt(PARTITIONS),
        config.getInt(THREADS),
        advertisedHost(config),
        new Listen(config.getString(HTTP_HOST), config.getInt(HTTP_PORT)),
        new Listen(config.getString(MANAGEMENT_HOST), config.getInt(MANAGEMENT_PORT)),
        Path.of(config.getString(STATE_DIR)),
        ledgerRetention(config, auditPeriod),
        auditPeriod,
        WatchdogSettings.of(config),
        SealSettings.of(config),
        kafka);
  }

  /** What is kept for audit is found by the ledger. */
  private static Duration ledgerRetention(AbstractConfig config, AuditPeriod auditPeriod) {
    Duration retention = Duration.ofMillis(config.getLong(LEDGER_RETENTION_MS));
    if (retention.compareTo(auditPeriod.atLeast()) < 0) {
      throw new ConfigException(
          LEDGER_RETENTION_MS,
          retention.toMillis(),
          "expected: >= audit.retention.ms " + auditPeriod.atLeast().toMillis());
    }
    return retention;
  }

  private static String advertisedHost(AbstractConfig config) {
    String advertised = config.getString(HTTP_ADVERTISED_HOST);
    String host = advertised.isEmpty() ? config.getString(HTTP_HOST) : advertised;
    if (EVERY_INTERFACE.contains(host)) {
      throw new ConfigException(
          HTTP_ADVERTISED_HOST, host, "expected the host under which others reach this processor");
    }
    return host;
  }

  /** It becomes part of topic names and of a folder's. */
  private static final class ApplicationId implements ConfigDef.Validator {
    @Override
    public void ensureValid(String name, Object value) {
      if (!String.valueOf(value).matches("[A-Za-z0-9._-]{1,100}")) {
        throw new ConfigException(name, value, "expected 1-100 chars of [A-Za-z0-9._-]");
      }
    }
  }
}
