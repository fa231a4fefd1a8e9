package io.runwire.seal;

import io.runwire.event.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/** Why a value cannot be shown, and the AG-UI event that readers get in its place. */
public enum LostEvent {
  /** Its key was destroyed. */
  ERASED,

  /** It is not what was sealed. */
  ALTERED;

  /**
   * The event, which says no more than the envelope: a run still starts and ends where it did.
   *
   * @param code of a RUN_ERROR, which stands in its envelope
   */
  public byte[] inPlaceOf(Envelope envelope, Optional<String> code) {
    // Ids, types and codes consist of characters that need no escaping in JSON.
    String ids =
        ",\"threadId\":\"" + envelope.thread() + "\",\"runId\":\"" + envelope.run() + "\"}";
    String json =
        switch (envelope.type()) {
          case RUN_STARTED, RUN_FINISHED -> "{\"type\":\"" + envelope.type() + "\"" + ids;
          case RUN_ERROR ->
              "{\"type\":\"RUN_ERROR\",\"message\":\""
                  + word()
                  + "\""
                  + code.map(text -> ",\"code\":\"" + text + "\"").orElse("")
                  + "}";
          default ->
              "{\"type\":\"CUSTOM\",\"name\":\"runwire."
                  + word()
                  + "\",\"value\":{\"type\":\""
                  + envelope.type()
                  + "\"}}";
        };
    return json.getBytes(StandardCharsets.UTF_8);
  }

  private String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
