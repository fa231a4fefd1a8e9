package io.runwire.processor.watchdog;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.processor.ledger.LedgerRow;
import io.runwire.processor.ledger.RunStatus;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * The watchdog's word on a run: the RUN_ERROR that ends it, for the seq behind the last one that
 * the ledger has. Whoever else writes that seq first, the agent or another owner of the partition,
 * has won, and this one is rejected or skipped.
 *
 * @param run as the ledger had it
 * @param after how long a time had passed
 * @param fences whether it opens the next attempt, which nothing of this one can forestall
 */
record RunEnd(LedgerRow run, EndCode code, Duration after, boolean fences) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  byte[] key() {
    return run.thread().getBytes(UTF_8);
  }

  byte[] value() {
    Map<String, String> event = new LinkedHashMap<>();
    event.put("type", EventType.RUN_ERROR.name());
    event.put(
        "message",
        switch (code) {
          case AGENT_LOST -> "The agent has been silent for " + inWords(after);
          case TIMEOUT -> "The run has taken longer than " + inWords(after);
        });
    event.put("code", code.name());
    try {
      return MAPPER.writeValueAsBytes(event);
    } catch (JsonProcessingException bug) {
      throw new IllegalStateException("text is always JSON", bug);
    }
  }

  Headers headers() {
    return new RecordHeaders()
        .add(EventHeaders.RUN, run.run().getBytes(UTF_8))
        .add(EventHeaders.ATTEMPT, Integer.toString(attempt()).getBytes(UTF_8))
        .add(EventHeaders.SEQ, Long.toString(seq()).getBytes(UTF_8))
        .add(EventHeaders.TYPE, EventType.RUN_ERROR.name().getBytes(UTF_8))
        .add(EventHeaders.FINAL, "true".getBytes(UTF_8))
        .add(EventHeaders.ORIGIN, Origin.WATCHDOG.header().getBytes(UTF_8));
  }

  /** Between two attempts it is the next one that it opens, and ends. */
  int attempt() {
    return opensAttempt() ? run.attempt() + 1 : run.attempt();
  }

  long seq() {
    return opensAttempt() ? 1 : run.lastSeq() + 1;
  }

  private boolean opensAttempt() {
    return fences || run.status() == RunStatus.RETRYING || run.lastSeq() == EnvelopeReader.MAX_SEQ;
  }

  private static String inWords(Duration time) {
    return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
