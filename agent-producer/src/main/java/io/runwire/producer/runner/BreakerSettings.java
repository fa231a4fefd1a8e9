package io.runwire.producer.runner;

import java.time.Duration;

/**
 * When an agent is left alone.
 *
 * @param failures in a row, over all runs, that open the breaker; each failed attempt counts
 * @param open how long it stays open
 * @param probes attempts that may then show that the agent is well again, before all may
 */
public record BreakerSettings(int failures, Duration open, int probes) {
  public static final BreakerSettings DEFAULT = new BreakerSettings(5, Duration.ofSeconds(30), 2);

  public BreakerSettings {
    AgentSettings.requireAtLeastOne("breaker failures", failures);
    AgentSettings.requirePositive("breaker open", open);
    AgentSettings.requireAtLeastOne("breaker probes", probes);
  }
}
