/**
 * Where runs are written: the seam between a run's API and whatever carries its events.
 *
 * <p>Start at {@link io.runwire.producer.log.EventLog}. Knows neither Kafka nor the API; {@link
 * io.runwire.producer.log.MemoryLog} is the one to test an agent with.
 */
@NullMarked
package io.runwire.producer.log;

import org.jspecify.annotations.NullMarked;
