package io.runwire.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  private static final ConfigDef KEYS =
      new ConfigDef()
          .define("partitions", ConfigDef.Type.INT, 64, Range.atLeast(1), Importance.HIGH, "")
          .define(
              "heartbeat.ms",
              ConfigDef.Type.LONG,
              20_000L,
              Range.between(1, 60_000),
              Importance.LOW,
              "")
          .define("group.id", ConfigDef.Type.STRING, Importance.HIGH, "");

  @Test
  void readsTypedSettingsAndDefaults() {
    AbstractConfig config =
        Settings.read(KEYS, Map.of("group.id", "router", "partitions", "8", "kafka.acks", "all"));

    assertThat(config.getString("group.id")).isEqualTo("router");
    assertThat(config.getInt("partitions")).isEqualTo(8);
    assertThat(config.getLong("heartbeat.ms")).isEqualTo(20_000);
  }

  @ParameterizedTest
  @CsvSource({"partition, 8", "Partitions, 8", "heartbeat, 1", "kafka, x", "acks, all"})
  void namesAnUnknownKeyAndTheKnownOnes(String key, String value) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Settings.read(KEYS, Map.of("group.id", "router", key, value)))
        .withMessage("unknown setting '%s' (known: [group.id, heartbeat.ms, partitions])", key);
  }

  @ParameterizedTest
  @CsvSource({
    "partitions, 0",
    "partitions, -1",
    "partitions, NaN",
    "partitions, 1.5",
    "partitions, 9999999999",
    "heartbeat.ms, 0",
    "heartbeat.ms, 60001",
    "heartbeat.ms, 20s"
  })
  void namesTheKeyAndTheValueThatIsWrong(String key, String value) {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Settings.read(KEYS, Map.of("group.id", "router", key, value)))
        .withMessageContaining(key)
        .withMessageContaining(value);
  }

  @Test
  void namesAKeyThatIsMissing() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> Settings.read(KEYS, Map.of()))
        .withMessageContaining("group.id");
  }

  @Test
  void handsOnToKafkaWhatIsKafkas() {
    assertThat(
            Settings.kafka(
                Map.of(
                    "kafka.bootstrap.servers", "broker:9092",
                    "kafka.kafka.x", "y",
                    "partitions", "8")))
        .isEqualTo(Map.of("bootstrap.servers", "broker:9092", "kafka.x", "y"));
  }
}
