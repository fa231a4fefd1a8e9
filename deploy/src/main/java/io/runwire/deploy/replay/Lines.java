package io.runwire.deploy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes a replay as the edge sends it: a line per record, untouched, and the last one. Where it
 * was asked what became of a record, the lines behind it say so, a delivery a line.
 */
public final class Lines implements ReplayReader {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final OutputStream out;

  public Lines(OutputStream out) {
    this.out = out;
  }

  @Override
  public void record(ReplayRecord record) throws IOException {
    out.write(record.line());
    out.write('\n');
    if (record.evidence().isPresent()) {
      evidence(record, record.evidence().get());
    }
  }

  private void evidence(ReplayRecord record, Evidence found) throws IOException {
    for (Delivery each : found.deliveries()) {
      ObjectNode line = about(record, "delivery", each.connection(), each.subject());
      line.put("writtenAt", each.writtenAtMs());
      each.acknowledgedAfterMs().ifPresent(after -> line.put("acknowledgedAfterMs", after));
      line(line);
    }
    for (GivenUp each : found.givenUp()) {
      line(
          about(record, "given-up", each.connection(), each.subject())
              .put("at", each.atMs())
              .put("cause", each.cause())
              .put("retries", each.retries())
              .put("code", each.code()));
    }
  }

  private static ObjectNode about(
      ReplayRecord record, String op, String connection, Optional<String> subject) {
    ObjectNode line =
        MAPPER
            .createObjectNode()
            .put("op", op)
            .put("run", record.run())
            .put("attempt", record.attempt())
            .put("seq", record.seq())
            .put("connection", connection);
    subject.ifPresent(user -> line.put("subject", user));
    return line;
  }

  @Override
  public void gap(JsonNode gap) throws IOException {
    line(gap);
  }

  @Override
  public void end(String cursor, long events) throws IOException {
    ObjectNode end = MAPPER.createObjectNode();
    line(end.put("op", "end").put("cursor", cursor).put("events", events));
    out.flush();
  }

  private void line(JsonNode json) throws IOException {
    out.write(json.toString().getBytes(StandardCharsets.UTF_8));
    out.write('\n');
  }
}
