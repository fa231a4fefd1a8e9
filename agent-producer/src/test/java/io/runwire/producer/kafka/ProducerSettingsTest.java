package io.runwire.producer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProducerSettingsTest {
  @Test
  void isIdempotentAndNeitherLingersNorBlocksLong() {
    ProducerConfig config = config(Map.of());

    assertThat(config.getString("acks")).isEqualTo("-1"); // all
    assertThat(config.getBoolean("enable.idempotence")).isTrue();
    assertThat(config.getInt("max.in.flight.requests.per.connection")).isEqualTo(5);
    assertThat(config.getInt("retries")).isEqualTo(Integer.MAX_VALUE);
    assertThat(config.getLong("linger.ms")).isZero();
    assertThat(config.getLong("max.block.ms")).isEqualTo(3_000);
    assertThat(config.getInt("delivery.timeout.ms")).isEqualTo(20_000);
    assertThat(config.getInt("max.request.size")).isGreaterThan(1 << 20);
  }

  @Test
  void takesAdviceFromTheUser() {
    ProducerConfig config = config(Map.of("linger.ms", "5", "acks", "all"));

    assertThat(config.getLong("linger.ms")).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource({
    "acks, 1",
    "enable.idempotence, false",
    "partitioner.class, org.apache.kafka.clients.producer.RoundRobinPartitioner",
    "transactional.id, t",
    "bootstrap.servers, elsewhere:9092"
  })
  void refusesWhatWouldBreakTheOrderOfARun(String key, String value) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> config(Map.of(key, value)))
        .withMessageContaining("kafka." + key)
        .withMessageContaining(value);
  }

  private static ProducerConfig config(Map<String, Object> overrides) {
    Map<String, Object> settings =
        ProducerSettings.of(KafkaLogConfig.of("localhost:9092", overrides));
    settings.put("key.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
    settings.put("value.serializer", "org.apache.kafka.common.serialization.ByteArraySerializer");
    return new ProducerConfig(settings);
  }
}
