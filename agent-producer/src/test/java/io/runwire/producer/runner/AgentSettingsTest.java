package io.runwire.producer.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

final class AgentSettingsTest {
  @Test
  void readsWhatIsGivenAndKeepsTheRest() {
    AgentSettings settings =
        AgentSettings.of(Map.of("agent.run.limit.ms", "90000", "agent.attempts", "2"));

    assertThat(settings.runLimit()).isEqualTo(Duration.ofSeconds(90));
    assertThat(settings.retry().attempts()).isEqualTo(2);
    assertThat(AgentSettings.of(Map.of())).isEqualTo(AgentSettings.DEFAULT);
  }

  @Test
  void refusesWhatCannotBe() {
    assertThatThrownBy(() -> AgentSettings.of(Map.of("agent.run.limit", "1")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("unknown setting 'agent.run.limit'");
    assertThatThrownBy(() -> AgentSettings.of(Map.of("agent.attempts", "0")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("agent.attempts");
    assertThatThrownBy(() -> AgentSettings.of(Map.of("agent.backoff.longest.ms", "999")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("999")
        .hasMessageContaining("agent.backoff.longest.ms")
        .hasMessageContaining("expected: >= agent.backoff.first.ms");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AgentSettings.DEFAULT.withToolLimit(Duration.ZERO))
        .withMessage("tool limit: PT0S (expected: >= 1 ms)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AgentSettings.DEFAULT.withAttempts(0))
        .withMessage("attempts: 0 (expected: >= 1)");
  }
}
