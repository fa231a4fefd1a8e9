package io.runwire.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class ReplayLineTest {
  private static final long TS = 1_764_000_000_000L;
  private static final String HEAD =
      "{\"thread\":\"t\",\"run\":\"r\",\"attempt\":2,\"seq\":12,\"cursor\":\""
          + Golden.CURSOR.encode()
          + "\",\"ts\":1764000000000,\"src\":\"AAAAAAAAAAMAAAAAAAAABA:3:63\"";

  /** Spelled as no JSON writer would: whoever parsed it and wrote it again would be found out. */
  private static final String TEXT =
      " {\"type\":\"TEXT_MESSAGE_CONTENT\" ,\"delta\":\"gr\\u00fc\\u00dfe, 世界 🎉\",\"n\":1.50e+2}";

  @Test
  void putsTheAgentsBytesLastAndUntouched() {
    assertThat(line(EventType.TEXT_MESSAGE_CONTENT, false, TEXT))
        .isEqualTo(HEAD + ",\"event\":" + TEXT + "}\n");
  }

  @Test
  void saysWhetherATerminalEventIsFinal() {
    String failed = "{\"type\":\"RUN_ERROR\",\"message\":\"again\"}";

    assertThat(line(EventType.RUN_ERROR, false, failed))
        .isEqualTo(HEAD + ",\"final\":false,\"event\":" + failed + "}\n");
    assertThat(line(EventType.RUN_ERROR, true, failed)).contains(",\"final\":true,");
  }

  @Test
  void endsWithAPositionAndTotals() {
    assertThat(ReplayLine.end(Golden.CURSOR, 3, 1_000))
        .isEqualTo(
            "{\"op\":\"end\",\"cursor\":\""
                + Golden.CURSOR.encode()
                + "\",\"events\":3,\"scanned\":1000}\n");
  }

  private static String line(EventType type, boolean ends, String value) {
    Envelope envelope =
        new Envelope(
            "t",
            "r",
            2,
            12,
            type,
            ends,
            Optional.empty(),
            Origin.AGENT,
            Optional.of(new SourcePosition(new Uuid(3, 4), 3, 63)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ReplayLine.event(
        out,
        envelope,
        EventFrame.of(envelope, Golden.CURSOR.encodeAscii(), TS, value.getBytes(UTF_8)),
        TS);
    return out.toString(UTF_8);
  }
}
