package io.runwire.frame;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.runwire.cursor.Cursor;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an edge says besides events; {@code toJson} is the text on the wire. */
public sealed interface ServerFrame {
  JsonFactory JSON = new JsonFactory();

  /** After authentication. */
  record Welcome(String connection, long heartbeatMs, Map<String, Long> limits)
      implements ServerFrame {}

  /** After a refresh; {@code exp} in seconds since the epoch. */
  record Authorized(long exp) implements ServerFrame {}

  /** The position is fixed: every later append to agent-events arrives. */
  record Subscribed(long id, String thread, Cursor cursor, boolean recovered)
      implements ServerFrame {}

  /** Replay has caught up, or the position moved on without a match. */
  record Live(String thread, Cursor cursor) implements ServerFrame {}

  /** Records between two positions are gone; {@code from} is the client's own cursor. */
  record Gap(String thread, GapReason reason, @Nullable String from, Cursor to)
      implements ServerFrame {}

  /** The subscription ended; {@code id} is that of the request, absent when unasked. */
  record Unsubscribed(@Nullable Long id, String thread) implements ServerFrame {}

  /** This node goes away; come back after the time given. */
  record Draining(long retryAfterMs) implements ServerFrame {}

  /** A request failed, or the log is away; the connection stays open. */
  @SuppressWarnings("JavaLangClash") // written as ServerFrame.Error, after the op
  record Error(@Nullable Long id, @Nullable String thread, ErrorCode code, String message)
      implements ServerFrame {}

  record Pong() implements ServerFrame {}

  /** The frame's text. */
  default String toJson() {
    StringWriter out = new StringWriter(128);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      write(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a StringWriter does not fail", e);
    }
    return out.toString();
  }

  private void write(JsonGenerator json) throws IOException {
    // A switch over the sealed set, spelled for Java 17.
    if (this instanceof Welcome f) {
      json.writeStringField("op", "welcome");
      json.writeStringField("connection", f.connection);
      json.writeNumberField("heartbeatMs", f.heartbeatMs);
      json.writeObjectFieldStart("limits");
      for (Map.Entry<String, Long> limit : f.limits.entrySet()) {
        json.writeNumberField(limit.getKey(), limit.getValue());
      }
      json.writeEndObject();
    } else if (this instanceof Authorized f) {
      json.writeStringField("op", "authorized");
      json.writeNumberField("exp", f.exp);
    } else if (this instanceof Subscribed f) {
      json.writeStringField("op", "subscribed");
      json.writeNumberField("id", f.id);
      json.writeStringField("thread", f.thread);
      json.writeStringField("cursor", f.cursor.encode());
      json.writeBooleanField("recovered", f.recovered);
    } else if (this instanceof Live f) {
      json.writeStringField("op", "live");
      json.writeStringField("thread", f.thread);
      json.writeStringField("cursor", f.cursor.encode());
    } else if (this instanceof Gap f) {
      json.writeStringField("op", "gap");
      json.writeStringField("thread", f.thread);
      json.writeStringField("reason", f.reason.name());
      writeOptional(json, "from", f.from);
      json.writeStringField("to", f.to.encode());
    } else if (this instanceof Unsubscribed f) {
      json.writeStringField("op", "unsubscribed");
      writeOptional(json, f.id);
      json.writeStringField("thread", f.thread);
    } else if (this instanceof Draining f) {
      json.writeStringField("op", "draining");
      json.writeNumberField("retryAfterMs", f.retryAfterMs);
    } else if (this instanceof Error f) {
      json.writeStringField("op", "error");
      writeOptional(json, f.id);
      writeOptional(json, "thread", f.thread);
      json.writeStringField("code", f.code.name());
      json.writeStringField("message", f.message);
    } else {
      json.writeStringField("op", "pong");
    }
  }

  private static void writeOptional(JsonGenerator json, @Nullable Long id) throws IOException {
    if (id != null) {
      json.writeNumberField("id", id);
    }
  }

  private static void writeOptional(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
