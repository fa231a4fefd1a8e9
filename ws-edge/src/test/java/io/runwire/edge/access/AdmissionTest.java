package io.runwire.edge.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.access.Admission.Admitted;
import io.runwire.edge.access.Admission.Decision;
import io.runwire.edge.access.Admission.Denied;
import io.runwire.edge.access.Grants.Right;
import io.runwire.edge.hub.Start;
import io.runwire.fold.RunPosition;
import io.runwire.frame.ClientFrame.From;
import io.runwire.frame.ClientFrame.Subscribe;
import io.runwire.frame.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** Who may subscribe, and where they may begin. */
class AdmissionTest {
  private static final Duration A_DAY = Duration.ofHours(24);
  private static final Map<String, RunPosition> RUNS = Map.of("r", RunPosition.at(1, 57));

  private final String cursor =
      new Cursor(
              new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 4),
              1,
              7,
              0,
              6,
              Cursor.hash("t"))
          .encode();

  @Test
  void subscribeAloneOpensLatestAndOpen() {
    Grants grants = grants(Action.SUBSCRIBE);

    assertThat(decide(from(From.LATEST), grants)).isEqualTo(new Admitted(new Start.Latest()));
    assertThat(decide(from(From.OPEN), grants)).isEqualTo(new Admitted(new Start.Open()));
  }

  @Test
  void theWholeLogNeedsHistory() {
    assertThat(decide(from(From.EARLIEST), grants(Action.SUBSCRIBE)))
        .isEqualTo(new Denied(ErrorCode.FORBIDDEN, "history is not granted"));
    assertThat(decide(from(From.EARLIEST), grants(Action.SUBSCRIBE, Action.HISTORY)))
        .isEqualTo(new Admitted(new Start.Earliest()));
  }

  @Test
  void historyOrLedgerWithoutSubscribeOpenNothing() {
    assertThat(decide(from(From.LATEST), grants(Action.HISTORY, Action.LEDGER)))
        .isEqualTo(new Denied(ErrorCode.FORBIDDEN, "subscribe is not granted"));
  }

  @Test
  void anotherThreadIsForbidden() {
    Subscribe other = subscribe("other", Optional.empty(), From.LATEST);

    assertThat(decide(other, grants(Action.SUBSCRIBE, Action.HISTORY)))
        .isEqualTo(new Denied(ErrorCode.FORBIDDEN, "subscribe is not granted"));
  }

  @Test
  void aCursorResumesWithinADayUnlessHistoryIsGranted() {
    Cursor decoded = Cursor.decode(cursor).orElseThrow();

    assertThat(decide(after(cursor), grants(Action.SUBSCRIBE)))
        .isEqualTo(new Admitted(new Start.After(decoded, cursor, RUNS, Optional.of(A_DAY))));
    assertThat(decide(after(cursor), grants(Action.SUBSCRIBE, Action.HISTORY)))
        .isEqualTo(new Admitted(new Start.After(decoded, cursor, RUNS, Optional.empty())));
  }

  @Test
  void aCursorWinsOverFrom() {
    Subscribe both = subscribe("t", Optional.of(cursor), From.EARLIEST);

    assertThat(decide(both, grants(Action.SUBSCRIBE))).isInstanceOf(Admitted.class);
  }

  @Test
  void aDamagedCursorIsMalformed() {
    for (String damaged :
        List.of(
            "",
            "x",
            "x".repeat(1 << 20),
            cursor + "A",
            cursor.substring(1),
            flipped(cursor),
            cursor.replaceFirst("...$", "\r\nA"))) {
      assertThat(decide(after(damaged), grants(Action.SUBSCRIBE)))
          .isEqualTo(new Denied(ErrorCode.CURSOR_MALFORMED, "after: not a cursor"));
    }
  }

  @Test
  void anotherThreadsCursorIsForeign() {
    Subscribe foreign = subscribe("u", Optional.of(cursor), From.LATEST);

    assertThat(decide(foreign, grants(Action.SUBSCRIBE)))
        .isEqualTo(new Denied(ErrorCode.CURSOR_FOREIGN_THREAD, "after: of another thread"));
  }

  private static Decision decide(Subscribe request, Grants by) {
    return Admission.decide(request, by, A_DAY);
  }

  private static Grants grants(Action... actions) {
    return new Grants(
        "u1",
        Instant.EPOCH,
        List.of(
            new Right(
                Set.of(actions),
                List.of(new ThreadPattern("t", true), new ThreadPattern("u", true)))));
  }

  private static Subscribe from(From from) {
    return subscribe("t", Optional.empty(), from);
  }

  private static Subscribe after(String cursor) {
    return subscribe("t", Optional.of(cursor), From.LATEST);
  }

  private static Subscribe subscribe(String thread, Optional<String> after, From from) {
    return new Subscribe(1, thread, Optional.empty(), after, RUNS, from, false);
  }

  private static String flipped(String cursor) {
    char at = cursor.charAt(40);
    return cursor.substring(0, 40) + (at == 'A' ? 'B' : 'A') + cursor.substring(41);
  }
}
