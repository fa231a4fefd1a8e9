package io.runwire.deploy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * A record of a thread, as a line of a replay has it.
 *
 * @param line as it came, without the line break
 * @param json the same, read
 * @param evidence what edges reported of it; empty where nobody asked them
 */
public record ReplayRecord(byte[] line, JsonNode json, Optional<Evidence> evidence) {
  private static final byte[] EVENT_FIELD = {',', '"', 'e', 'v', 'e', 'n', 't', '"', ':'};

  /** A record as it came. */
  public ReplayRecord(byte[] line, JsonNode json) {
    this(line, json, Optional.empty());
  }

  /** The same record with what is known of its delivery. */
  public ReplayRecord with(Evidence known) {
    return new ReplayRecord(line, json, Optional.of(known));
  }

  public String thread() {
    return json.path("thread").asText();
  }

  public String run() {
    return json.path("run").asText();
  }

  public int attempt() {
    return json.path("attempt").asInt();
  }

  public long seq() {
    return json.path("seq").asLong();
  }

  public String cursor() {
    return json.path("cursor").asText();
  }

  /** When the agent's record was appended, in ms since 1970. */
  public long timestampMs() {
    return json.path("ts").asLong();
  }

  public JsonNode event() {
    return json.path("event");
  }

  public String type() {
    return event().path("type").asText();
  }

  /** The agent's bytes: what stands behind the last field of the envelope, up to its brace. */
  public byte[] eventBytes() {
    int at = 0;
    while (!startsWithEventField(at)) {
      at++;
    }
    int start = at + EVENT_FIELD.length;
    byte[] event = new byte[line.length - 1 - start];
    System.arraycopy(line, start, event, 0, event.length);
    return event;
  }

  /** Ids cannot hold a quotation mark, so the first one found is the envelope's. */
  private boolean startsWithEventField(int at) {
    for (int i = 0; i < EVENT_FIELD.length; i++) {
      if (line[at + i] != EVENT_FIELD[i]) {
        return false;
      }
    }
    return true;
  }
}
