package io.runwire.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.processor.ProcessorConfig.Listen;
import io.runwire.processor.topics.Unacknowledged;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.streams.state.HostInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessorConfigTest {
  private static final Map<String, String> LEAST = Map.of("bootstrap.servers", "kafka:9092");

  private static final HostInfo SELF = new HostInfo("processor-1", 8081);

  @Test
  void needsOnlyKafkasAddress() {
    ProcessorConfig config = ProcessorConfig.of(LEAST);
    assertThat(config.bootstrapServers()).isEqualTo("kafka:9092");
    assertThat(config.partitions()).isEqualTo(64);
    assertThat(config.http()).isEqualTo(new Listen("127.0.0.1", 8081));
    assertThat(config.management()).isEqualTo(new Listen("127.0.0.1", 9091));
  }

  @Test
  void cannotDoWithoutKafkasAddress() {
    assertThatThrownBy(() -> ProcessorConfig.of(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("bootstrap.servers");
  }

  @ParameterizedTest
  @CsvSource({
    "partitions,0,at least 1",
    "partitions,-1,at least 1",
    "partitions,NaN,NaN",
    "threads,0,at least 1",
    "http.port,65536,65535",
    "http.advertised.host,0.0.0.0,expected the host under which others reach this processor",
    "application.id,a b,expected 1-100 chars of [A-Za-z0-9._-]",
    "ledger.retention.ms,1,at least 3600000",
    "ledger.retention.ms,15551999999,expected: >= audit.retention.ms 15552000000",
    "audit.retention.ms,86399999,at least 86400000",
    "http.prot,8081,http.port",
    "kafka.processing.guarantee,exactly_once_v2,fixed at at_least_once",
    "kafka.auto.offset.reset,latest,fixed at none",
    "kafka.consumer.auto.offset.reset,latest,fixed at none",
    "kafka.commit.interval.ms,30000,fixed at 1000",
    "kafka.acks,1,fixed at all",
    "watchdog.silence.ms,0,at least 1000",
    "watchdog.silence.ms,86400001,no more than 86400000",
    "watchdog.longest.run.ms,NaN,NaN",
    "kafka.production.exception.handler,my.Continue,fixed at org.apache.kafka.streams",
    "kafka.producer.delivery.timeout.ms,1000,fixed at 2147483647",
  })
  void namesTheKeyTheValueAndWhatWasExpected(String key, String value, String expected) {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put(key, value);
    assertThatThrownBy(() -> ProcessorConfig.of(settings))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(key.equals("http.prot") ? "unknown setting 'http.prot'" : key)
        .hasMessageContaining(expected);
  }

  @Test
  void sendsAtOnceUnlessToldOtherwise() {
    Properties streams =
        StreamsSettings.router(
            ProcessorConfig.of(LEAST), 3, (why, cause) -> {}, new Unacknowledged());
    assertThat(streams)
        .containsEntry("producer.linger.ms", 0)
        .doesNotContainKey("main.consumer.fetch.min.bytes");
  }

  @Test
  void handsOtherSettingsToKafka() {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put("kafka.security.protocol", "SSL");
    settings.put("kafka.producer.linger.ms", "1");
    Properties streams =
        StreamsSettings.ledger(
            ProcessorConfig.of(settings), SELF, 3, (why, cause) -> {}, new Unacknowledged());
    assertThat(streams)
        .containsEntry("application.id", "runwire-processor-ledger")
        .containsEntry("main.consumer.fetch.min.bytes", 1 << 20)
        .containsEntry("security.protocol", "SSL")
        .containsEntry("producer.linger.ms", "1")
        .containsEntry("processing.guarantee", "at_least_once")
        .containsEntry("main.consumer.auto.offset.reset", "none")
        .containsEntry("application.server", "processor-1:8081")
        .containsEntry("commit.interval.ms", 1_000)
        .containsEntry("num.standby.replicas", 1)
        .containsEntry("statestore.cache.max.bytes", 16L << 20)
        .containsEntry("consumer.session.timeout.ms", 6_000)
        .containsEntry("consumer.heartbeat.interval.ms", 500)
        .containsEntry("consumer.max.poll.interval.ms", 30_000)
        .containsEntry("replication.factor", 3)
        .containsEntry("topic.min.insync.replicas", "2");
  }
}
