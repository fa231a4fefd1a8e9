package io.runwire.edge.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.edge.settings.HeartbeatSettings;
import io.runwire.edge.socket.Heartbeat.Step;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final Heartbeat heartbeat =
      new Heartbeat(new HeartbeatSettings(Duration.ofSeconds(20), Duration.ofSeconds(10)), 0);

  @Test
  void pingsAtItsTimeAndOnce() {
    assertThat(at(20 * SECOND - 1)).isEqualTo(Step.NOTHING);
    assertThat(at(20 * SECOND)).isEqualTo(Step.PING);
    assertThat(at(20 * SECOND)).isEqualTo(Step.NOTHING);
  }

  @Test
  void theAnswersTimeRunsFromTheEndOfTheWrite() {
    at(20 * SECOND);
    heartbeat.written(27 * SECOND);

    assertThat(at(37 * SECOND - 1)).isEqualTo(Step.NOTHING);
    assertThat(at(37 * SECOND)).isEqualTo(Step.NO_PONG);
  }

  @Test
  void anAnswerKeepsTheRhythm() {
    at(20 * SECOND);
    heartbeat.written(20 * SECOND);
    heartbeat.heard();

    assertThat(at(40 * SECOND - 1)).isEqualTo(Step.NOTHING);
    assertThat(at(40 * SECOND)).isEqualTo(Step.PING);
  }

  @Test
  void anAnswerMayOvertakeTheReportOfTheWrite() {
    at(20 * SECOND);
    heartbeat.heard();
    heartbeat.written(21 * SECOND);

    assertThat(at(31 * SECOND)).isEqualTo(Step.NOTHING);
    assertThat(at(40 * SECOND)).isEqualTo(Step.PING);
  }

  @Test
  void whatWasSaidBeforeThePingIsNoAnswer() {
    heartbeat.heard();
    at(20 * SECOND);
    heartbeat.written(20 * SECOND);

    assertThat(at(30 * SECOND)).isEqualTo(Step.NO_PONG);
  }

  @Test
  void noPingIsWrittenBehindAnUnwrittenOneAndThatEnds() {
    at(20 * SECOND);
    for (int s = 21; s < 50; s++) {
      heartbeat.heard(); // it sends, but does not read
      assertThat(at(s * SECOND)).isEqualTo(Step.NOTHING);
    }

    assertThat(at(50 * SECOND)).isEqualTo(Step.STUCK);
  }

  private Step at(long nowNanos) {
    return heartbeat.look(nowNanos);
  }
}
