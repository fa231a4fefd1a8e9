package io.runwire.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RunwireConfigTest {
  @Test
  void hasDefaultsForAllButTheBrokers() {
    RunwireConfig config = RunwireConfig.of("localhost:9092");

    assertThat(config.limits()).isEqualTo(RunLimits.DEFAULT);
    assertThat(config.kafka().windowBytes()).isEqualTo(4 << 20);
    assertThat(config.kafka().overrides()).isEmpty();
  }

  @Test
  void readsItsKeysAndHandsOnKafkas() {
    RunwireConfig config =
        RunwireConfig.of(
            Map.of(
                "bootstrap.servers", "a:1,b:2",
                "append.bound.ms", "100",
                "window.bytes", "65536",
                "kafka.security.protocol", "SSL"));

    assertThat(config.limits().appendBound()).isEqualTo(Duration.ofMillis(100));
    assertThat(config.kafka().bootstrapServers()).isEqualTo("a:1,b:2");
    assertThat(config.kafka().windowBytes()).isEqualTo(65_536);
    assertThat(config.kafka().overrides()).isEqualTo(Map.of("security.protocol", "SSL"));
  }

  @ParameterizedTest
  @CsvSource({
    "append.bound, 3, append.bound",
    "append.bound.ms, -1, append.bound.ms",
    "run.timeout.ms, 0, run.timeout.ms",
    "run.timeout.ms, NaN, run.timeout.ms",
    "window.bytes, 0, window.bytes",
    "bootstrap.servers, '', bootstrap.servers"
  })
  void refusesAndNamesWhatItDoesNotUnderstand(String key, String value, String named) {
    Map<String, String> settings = new HashMap<>(Map.of("bootstrap.servers", "localhost:9092"));
    settings.put(key, value);

    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> RunwireConfig.of(settings))
        .withMessageContaining(named);
  }

  @Test
  void refusesToGuessTheBrokers() {
    assertThatExceptionOfType(ConfigException.class)
        .isThrownBy(() -> RunwireConfig.of(Map.of()))
        .withMessageContaining("bootstrap.servers");
  }
}
