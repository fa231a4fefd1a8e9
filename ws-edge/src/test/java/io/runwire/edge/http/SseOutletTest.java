package io.runwire.edge.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.LogEntry;
import io.runwire.edge.hub.Outlet;
import io.runwire.edge.hub.Outlet.Control;
import io.runwire.edge.hub.Outlet.Outgoing;
import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.EventFrame;
import io.runwire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.Test;

/** Whatever happens, and in whatever order: the request ends once, and so does each write. */
class SseOutletTest {
  private static final LogIdentity LOG = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 8);

  private static final Control HEARTBEAT = new Control(new ServerFrame.Pong());
  private static final Control AWAY =
      new Control(new ServerFrame.Error(0L, "t", ErrorCode.LOG_UNAVAILABLE, "later"));

  private final RecordedResponse response = new RecordedResponse();
  private final List<String> ends = new ArrayList<>();
  private final List<String> writes = new ArrayList<>();
  private final SseOutlet outlet = outlet(Optional.empty());

  @Test
  void anErrorBeforeTheStreamBeginsIsTheWholeResponse() {
    write(AWAY);
    response.succeed();
    outlet.close(CloseCode.INTERNAL);

    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(response.body()).contains("\"code\":\"LOG_UNAVAILABLE\"");
    assertThat(writes).containsExactly("failed");
    assertThat(ends).containsExactly("succeeded");
  }

  @Test
  void anErrorBehindAHeartbeatInTheSameBatchIsTheWholeResponseToo() {
    write(HEARTBEAT, AWAY, HEARTBEAT);
    response.succeed();

    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(response.body()).startsWith("{").endsWith("}");
    assertThat(ends).containsExactly("succeeded");
  }

  @Test
  void anErrorInTheStreamIsAComment() {
    write(HEARTBEAT);
    response.succeed();
    write(AWAY);
    response.succeed();

    assertThat(response.getStatus()).isEqualTo(200);
    assertThat(response.body()).isEqualTo(":\n\n: LOG_UNAVAILABLE\n\n");
    assertThat(writes).containsExactly("succeeded", "succeeded");
    assertThat(ends).isEmpty();
  }

  @Test
  void aCloseEndsTheStreamOnce() {
    write(HEARTBEAT);
    response.succeed();
    outlet.close(CloseCode.TOKEN_EXPIRED);
    outlet.close(CloseCode.NODE_FULL);
    response.succeed();

    assertThat(response.ended()).isTrue();
    assertThat(ends).containsExactly("succeeded");
  }

  @Test
  void aCloseBeforeAnythingWasWrittenIsAnEmptyStream() {
    outlet.close(CloseCode.TOKEN_EXPIRED);
    response.succeed();

    assertThat(response.getStatus()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(ends).containsExactly("succeeded");
  }

  @Test
  void aCloseWithAWriteInFlightCutsThePeerOff() {
    write(HEARTBEAT);
    outlet.close(CloseCode.TOKEN_EXPIRED);
    response.fail();

    assertThat(response.ended()).isFalse();
    assertThat(writes).containsExactly("failed");
    assertThat(ends).containsExactly("failed");
  }

  @Test
  void aStreamOfOneRunThatIsCutOffInItsLastWriteEndsOnce() {
    SseOutlet ofOneRun = outlet(Optional.of("r"));
    write(ofOneRun, endOf("r"));
    assertThat(response.ended()).isTrue();

    ofOneRun.abort(CloseCode.TOO_SLOW);
    response.fail();

    assertThat(writes).containsExactly("failed");
    assertThat(ends).containsExactly("failed");
  }

  @Test
  void aStreamOfOneRunThatIsCutOffAsItsLastWriteEndsIsEndedOnce() {
    SseOutlet ofOneRun = outlet(Optional.of("r"));
    write(ofOneRun, endOf("r"));

    ofOneRun.abort(CloseCode.TOO_SLOW);
    response.succeed();

    assertThat(ends).containsExactly("failed");
  }

  @Test
  void aWriteThatFailsEndsTheRequest() {
    write(HEARTBEAT);
    response.fail();
    outlet.close(CloseCode.INTERNAL);

    assertThat(writes).containsExactly("failed");
    assertThat(ends).containsExactly("failed");
  }

  private SseOutlet outlet(Optional<String> run) {
    return new SseOutlet(
        response,
        Callback.from(() -> ends.add("succeeded"), failure -> ends.add("failed")),
        run,
        SseForm.bare());
  }

  /** The final terminal event of a run. */
  private static Outgoing endOf(String run) {
    Envelope envelope =
        new Envelope(
            "t",
            run,
            1,
            1,
            EventType.RUN_FINISHED,
            true,
            Optional.empty(),
            Origin.AGENT,
            Optional.empty());
    byte[] cursor = "c".repeat(92).getBytes(UTF_8);
    EventFrame frame =
        EventFrame.of(envelope, cursor, 0, "{\"type\":\"RUN_FINISHED\"}".getBytes(UTF_8));
    return new Outlet.Event(new LogEntry(LOG, 0, 0, 0, envelope, frame), true, 0);
  }

  private void write(Outgoing... batch) {
    write(outlet, batch);
  }

  private void write(SseOutlet to, Outgoing... batch) {
    to.write(
        List.of(batch),
        new Outlet.Written() {
          @Override
          public void succeeded() {
            writes.add("succeeded");
          }

          @Override
          public void failed(Throwable cause) {
            writes.add("failed");
          }
        });
  }
}
