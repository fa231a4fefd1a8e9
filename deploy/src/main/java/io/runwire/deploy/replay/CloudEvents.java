package io.runwire.deploy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Writes each record as a CloudEvent 1.0 in JSON, one a line, with the agent's bytes as {@code
 * data}. The subject is the run and the partition key the thread, as in the binary mode that agents
 * may write; {@code id} names the event for ever: run, attempt and seq.
 */
public final class CloudEvents implements ReplayReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final OutputStream out;

  public CloudEvents(OutputStream out) {
    this.out = out;
  }

  @Override
  public void record(ReplayRecord record) throws IOException {
    ObjectNode head =
        MAPPER
            .createObjectNode()
            .put("specversion", "1.0")
            .put("id", record.run() + "/" + record.attempt() + "/" + record.seq())
            .put("source", "/v1/threads/" + record.thread())
            .put("type", record.type())
            .put("subject", record.run())
            .put("time", Instant.ofEpochMilli(record.timestampMs()).toString())
            .put("partitionkey", record.thread())
            .put("sequence", Long.toString(record.seq()))
            .put("datacontenttype", "application/json");
    String open = head.toString();
    out.write(open.substring(0, open.length() - 1).getBytes(StandardCharsets.UTF_8));
    out.write(",\"data\":".getBytes(StandardCharsets.UTF_8));
    out.write(record.eventBytes());
    out.write("}\n".getBytes(StandardCharsets.UTF_8));
  }

  /** A gap is told on stderr, by whoever prints progress: it is nothing that an agent did. */
  @Override
  public void gap(JsonNode gap) {}

  @Override
  public void end(String cursor, long events) throws IOException {
    out.flush();
  }
}
