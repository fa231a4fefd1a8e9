package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.frame.CloseCode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LinkTest {
  private static final URI A = URI.create("ws://a:1/v1/ws");
  private static final URI B = URI.create("ws://b:1/v1/ws");

  private final ScriptedLines lines = new ScriptedLines();
  private final List<String> told = new ArrayList<>();
  private double random = 0.999_999;
  private final Link link =
      new Link(List.of(A, B), 0, () -> "jwt", lines, lines.clocks, () -> random, new Told());

  @Test
  void authenticatesInItsFirstFrameAndIsUpWithTheWelcome() throws WireViolation {
    up();
    assertThat(lines.last().edge).isEqualTo(A);
    assertThat(lines.last().sent).containsExactly("{\"op\":\"auth\",\"token\":\"jwt\"}");
    assertThat(told).containsExactly("up " + A);
  }

  @Test
  void triesTheEdgesInTurnWithABackOffThatDoublesUpTo10Seconds() {
    List<Long> waits = new ArrayList<>();
    link.tick(lines.nowMs);
    for (int i = 0; i < 8; i++) {
      lines.last().closes(Line.LOST);
      waits.add(waitUntilDialled());
    }
    assertThat(waits).containsExactly(249L, 499L, 999L, 1_999L, 3_999L, 7_999L, 9_999L, 9_999L);
    assertThat(lines.dialled.stream().map(line -> line.edge).limit(4)).containsExactly(A, B, A, B);
    assertThat(told).isEmpty();
  }

  @Test
  void mayComeBackAtOnce() throws WireViolation {
    random = 0;
    up();
    lines.last().closes(1012);
    link.tick(lines.nowMs);
    assertThat(lines.dialled).hasSize(2);
  }

  @Test
  void startsTheBackOffAfreshAfterALineThatWasUpFor10Seconds() throws WireViolation {
    up();
    lines.last().closes(Line.LOST);
    waitUntilDialled();
    lines.last().welcomes();
    lines.nowMs += 9_000;
    lines.last().closes(Line.LOST);
    assertThat(waitUntilDialled()).isEqualTo(499);
    lines.last().welcomes();
    lines.nowMs += 10_000;
    lines.last().closes(Line.LOST);
    assertThat(waitUntilDialled()).isEqualTo(249);
  }

  @ParameterizedTest
  @EnumSource(CloseCode.class)
  void comesBackAfterTheCodesThatSaySo(CloseCode code) throws WireViolation {
    up();
    lines.last().closes(code.code());
    assertThat(link.isOver()).isEqualTo(!code.reconnect());
    assertThat(told).last().isEqualTo((code.reconnect() ? "down " : "over ") + code.code());
  }

  @ParameterizedTest
  @ValueSource(ints = {1005, 1006, 3000, 4000, 4499, 4500, 4999})
  void judgesUnknownCodesByTheirRange(int code) throws WireViolation {
    up();
    lines.last().closes(code);
    assertThat(link.isOver()).isEqualTo(code >= 4500);
  }

  @Test
  void pausesAfterItWasTooFast() throws WireViolation {
    up();
    lines.last().closes(4013);
    assertThat(waitUntilDialled()).isEqualTo(5_249);
  }

  @Test
  void spreadsItsReturnFromADrainingNode() throws WireViolation {
    up();
    lines.last().says("{\"op\":\"draining\",\"retryAfterMs\":30000}");
    lines.last().closes(1012);
    assertThat(waitUntilDialled()).isEqualTo(29_999);
    lines.last().welcomes();
    lines.last().closes(1012);
    assertThat(waitUntilDialled()).isEqualTo(499); // the notice held for one line
  }

  @Test
  void givesUpALineWithoutAWelcomeIn10Seconds() {
    link.tick(lines.nowMs);
    ScriptedLines.ScriptedLine line = lines.last();
    lines.nowMs += 9_999;
    link.tick(lines.nowMs);
    assertThat(line.dropped).isFalse();
    lines.nowMs++;
    link.tick(lines.nowMs);
    assertThat(line.dropped).isTrue();
  }

  @Test
  void asksAfterOneHeartbeatOfSilenceAndIsGoneAfterTwo() throws WireViolation {
    up();
    ScriptedLines.ScriptedLine line = lines.last();
    pass(4_999);
    assertThat(line.sent).hasSize(1);
    pass(1);
    assertThat(line.lastSent()).isEqualTo("{\"op\":\"ping\"}");
    pass(4_999);
    assertThat(line.dropped).isFalse();
    pass(1);
    assertThat(line.dropped).isTrue();
    assertThat(told).last().isEqualTo("down 1006");
  }

  @Test
  void isContentWithAnyByte() throws WireViolation {
    up();
    for (int i = 0; i < 10; i++) {
      pass(5_000);
      lines.last().heard();
    }
    assertThat(lines.dialled).hasSize(1);
    assertThat(link.isUp()).isTrue();
  }

  @Test
  void doesNotTakeItsOwnStallForSilence() throws WireViolation {
    up();
    link.read(false);
    assertThat(lines.last().reading).isFalse();
    pass(60_000);
    assertThat(link.isUp()).isTrue();
    link.read(true);
    pass(4_999);
    assertThat(lines.last().sent).hasSize(1);
  }

  @Test
  void stallsANewLineAfterItsWelcome() throws WireViolation {
    link.read(false);
    up();
    assertThat(lines.last().reading).isFalse();
  }

  @Test
  void saysGoodbyeAndStaysAway() throws WireViolation {
    up();
    link.close();
    assertThat(lines.last().closing).isTrue();
    lines.last().closes(Line.LOST);
    assertThat(told).last().isEqualTo("over 1000");
    lines.nowMs += 60_000;
    link.tick(lines.nowMs);
    assertThat(lines.dialled).hasSize(1);
  }

  @Test
  void isOverAtOnceWhereThereIsNoLine() {
    link.close();
    assertThat(told).containsExactly("over 1000");
  }

  private void up() throws WireViolation {
    link.tick(lines.nowMs);
    lines.last().welcomes();
  }

  private void pass(long ms) {
    lines.nowMs += ms;
    link.tick(lines.nowMs);
  }

  /** How long it takes until another line is dialled. */
  private long waitUntilDialled() {
    long since = lines.nowMs;
    int before = lines.dialled.size();
    while (lines.dialled.size() == before) {
      link.tick(lines.nowMs);
      if (lines.dialled.size() == before) {
        lines.nowMs++;
      }
      assertThat(lines.nowMs - since).isLessThan(100_000);
    }
    return lines.nowMs - since;
  }

  private final class Told implements Link.User {
    @Override
    public void up(URI edge) {
      told.add("up " + edge);
    }

    @Override
    public void event(EventHead event) {
      told.add("event " + event.seq());
    }

    @Override
    public void frame(JsonNode frame) {
      told.add("frame " + frame);
    }

    @Override
    public void down(int code) {
      told.add("down " + code);
    }

    @Override
    public void over(int code, String reason, boolean wasUp) {
      told.add("over " + code);
    }
  }
}
