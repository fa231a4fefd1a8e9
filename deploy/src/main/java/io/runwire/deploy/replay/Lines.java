package io.runwire.deploy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes a replay as the edge sends it: a line per record, untouched, and the last one. */
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
  }

  @Override
  public void gap(JsonNode gap) throws IOException {
    line(gap);
  }

  @Override
  public void end(String cursor, long events) throws IOException {
    ObjectNode end = MAPPER.createObjectNode();
    line(end.put("op", "end").put("cursor", cursor).put("events", events));
  }

  private void line(JsonNode json) throws IOException {
    out.write(json.toString().getBytes(StandardCharsets.UTF_8));
    out.write('\n');
    out.flush();
  }
}
