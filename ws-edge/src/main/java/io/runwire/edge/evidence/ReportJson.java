package io.runwire.edge.evidence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.runwire.edge.hub.DeliveryEvidence.Delivered;
import io.runwire.edge.hub.DeliveryEvidence.Failure;
import io.runwire.edge.hub.DeliveryEvidence.Report;
import io.runwire.frame.CloseCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;

/** A report as deliveries.schema.json has it. Stateless. */
final class ReportJson {
  private static final JsonFactory JSON = new JsonFactory();

  private ReportJson() {}

  static byte[] encode(Report report) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(256 + 32 * report.events().size());
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("connection", report.connection());
      if (report.subject().isPresent()) {
        json.writeStringField("subject", report.subject().get());
      }
      json.writeStringField("thread", report.thread());
      json.writeStringField("log", report.log().threadEvents().toString());
      json.writeNumberField("partition", report.partition());
      json.writeNumberField("at", report.atMs());
      json.writeBooleanField("ack", report.acknowledging());
      json.writeArrayFieldStart("events");
      for (Delivered event : report.events()) {
        write(json, event);
      }
      json.writeEndArray();
      write(json, "writtenUpTo", report.writtenUpTo());
      write(json, "acknowledgedUpTo", report.acknowledgedUpTo());
      json.writeBooleanField("last", report.last());
      if (report.failure().isPresent()) {
        write(json, report.failure().get());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory do not fail", e);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, Delivered event) throws IOException {
    json.writeStartArray();
    json.writeNumber(event.offset());
    json.writeNumber(event.writtenAtMs());
    if (event.acknowledgedAfterMs().isPresent()) {
      json.writeNumber(event.acknowledgedAfterMs().getAsLong());
    }
    json.writeEndArray();
  }

  private static void write(JsonGenerator json, String name, OptionalLong offset)
      throws IOException {
    if (offset.isPresent()) {
      json.writeNumberField(name, offset.getAsLong());
    }
  }

  private static void write(JsonGenerator json, Failure failure) throws IOException {
    json.writeObjectFieldStart("failure");
    json.writeStringField("cause", failure.cause().name());
    json.writeNumberField("retries", failure.retries());
    json.writeNumberField("code", CloseCode.TOO_SLOW.code());
    json.writeNumberField("from", failure.from());
    json.writeEndObject();
  }
}
