package io.runwire.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventFrameTest {
  private static final long TS = 1_764_000_000_000L;

  /** Spelled as no JSON writer would: whoever parsed it and wrote it again would be found out. */
  private static final String TEXT =
      " {\"type\":\"TEXT_MESSAGE_CONTENT\" ,\"delta\":\"gr\\u00fc\\u00dfe, 世界 🎉\",\"n\":1.50e+2}";

  private static final String FINISHED = "{\"type\":\"RUN_FINISHED\"}";
  private static final String FAILED = "{\"type\":\"RUN_ERROR\",\"message\":\"again\"}";

  @Test
  void putsTheAgentsBytesLastAndUntouched() throws IOException {
    EventFrame frame = frame(EventType.TEXT_MESSAGE_CONTENT, false, TEXT);

    assertThat(text(frame.text())).isEqualTo(Golden.frame("event"));
    assertThat(text(frame.event())).isEqualTo(TEXT);
    assertThat(text(frame.cursor())).isEqualTo(Golden.CURSOR.encode());
    assertThat(frame.size()).isEqualTo(Golden.frame("event").getBytes(UTF_8).length);
  }

  @Test
  void saysThatATerminalEventIsFinal() throws IOException {
    EventFrame frame = frame(EventType.RUN_FINISHED, true, FINISHED);

    assertThat(text(frame.text())).isEqualTo(Golden.frame("event-final"));
    assertThat(text(frame.event())).isEqualTo(FINISHED);
    assertThat(text(frame.cursor())).isEqualTo(Golden.CURSOR.encode());
  }

  @Test
  void saysThatAnotherAttemptFollowsATerminalEvent() throws IOException {
    EventFrame frame = frame(EventType.RUN_ERROR, false, FAILED);

    assertThat(text(frame.text())).isEqualTo(Golden.frame("event-not-final"));
    assertThat(text(frame.event())).isEqualTo(FAILED);
  }

  @Test
  void saysHowOftenItIsSentAgain() throws IOException {
    EventFrame frame = frame(EventType.RUN_FINISHED, true, FINISHED);

    assertThat(text(frame.text(2))).isEqualTo(Golden.frame("event-redelivered"));
    assertThat(text(frame.text(0))).isEqualTo(Golden.frame("event-final"));
    assertThat(text(frame.text())).as("untouched").isEqualTo(Golden.frame("event-final"));
  }

  @Test
  void givesEveryReaderABufferOfItsOwn() {
    EventFrame frame = frame(EventType.TEXT_MESSAGE_CONTENT, false, TEXT);
    ByteBuffer consumed = frame.text();

    consumed.position(consumed.limit());

    assertThat(frame.text().remaining()).isEqualTo(frame.size());
    assertThat(frame.event().position()).isZero();
    assertThat(frame.cursor().remaining()).isEqualTo(92);
  }

  @Test
  void letsNobodyChangeWhatOthersRead() {
    EventFrame frame = frame(EventType.TEXT_MESSAGE_CONTENT, false, TEXT);

    assertThatThrownBy(() -> frame.text().put(0, (byte) 'x'))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> frame.event().put(0, (byte) 'x'))
        .isInstanceOf(ReadOnlyBufferException.class);
    assertThatThrownBy(() -> frame.cursor().put(0, (byte) 'x'))
        .isInstanceOf(ReadOnlyBufferException.class);
  }

  private static EventFrame frame(EventType type, boolean ends, String value) {
    Envelope envelope =
        new Envelope(
            "u42.chat:7",
            "r~1",
            2,
            12,
            type,
            ends,
            Optional.empty(),
            Origin.AGENT,
            Optional.empty());
    return EventFrame.of(envelope, Golden.CURSOR.encodeAscii(), TS, value.getBytes(UTF_8));
  }

  private static String text(ByteBuffer bytes) {
    return UTF_8.decode(bytes).toString();
  }
}
