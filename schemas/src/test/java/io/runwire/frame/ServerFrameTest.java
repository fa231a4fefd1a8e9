package io.runwire.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ServerFrameTest {
  /** A frame and the file that holds its text. */
  private record Written(String file, ServerFrame frame) {
    @Override
    public String toString() {
      return file;
    }
  }

  static final List<Written> FRAMES =
      List.of(
          new Written("welcome", new ServerFrame.Welcome("edge-1-4711", 20_000, limits())),
          new Written("authorized", new ServerFrame.Authorized(1_764_003_600)),
          new Written("subscribed", new ServerFrame.Subscribed(1, "t", Golden.CURSOR, true)),
          new Written("subscribed-anew", new ServerFrame.Subscribed(0, "t", Golden.CURSOR, false)),
          new Written("live", new ServerFrame.Live("t", Golden.CURSOR)),
          new Written(
              "gap", new ServerFrame.Gap("t", GapReason.EXPIRED, "their-own", Golden.CURSOR)),
          new Written(
              "gap-without-from",
              new ServerFrame.Gap("t", GapReason.FOREIGN_LOG, null, Golden.CURSOR)),
          new Written("unsubscribed", new ServerFrame.Unsubscribed(2L, "t")),
          new Written("unsubscribed-unasked", new ServerFrame.Unsubscribed(null, "t")),
          new Written("draining", new ServerFrame.Draining(1_234)),
          new Written("error", new ServerFrame.Error(1L, "t", ErrorCode.FORBIDDEN, "not granted")),
          new Written(
              "error-without-id",
              new ServerFrame.Error(null, null, ErrorCode.BAD_REQUEST, "not a JSON object")),
          new Written("pong", new ServerFrame.Pong()));

  @ParameterizedTest
  @FieldSource("FRAMES")
  void writes(Written written) throws IOException {
    assertThat(written.frame.toJson()).isEqualTo(Golden.frame(written.file));
  }

  @Test
  void everyKindIsAmongTheWrittenOnes() {
    assertThat(FRAMES)
        .<Class<?>>map(written -> written.frame.getClass())
        .contains(ServerFrame.class.getPermittedSubclasses());
  }

  @Test
  void whatAPeerSaidCannotBreakOutOfAMessage() throws IOException {
    String evil = "x\",\"code\":\"INTERNAL\"}\r\n\u0000\u202e\ud800";

    String json = new ServerFrame.Error(1L, null, ErrorCode.BAD_REQUEST, evil).toJson();

    assertThat(json).doesNotContainPattern("[\\x00-\\x1f]");
    assertThat(new ObjectMapper().readTree(json).path("code").asText()).isEqualTo("BAD_REQUEST");
    assertThat(new ObjectMapper().readTree(json).path("message").asText()).isEqualTo(evil);
  }

  private static Map<String, Long> limits() {
    Map<String, Long> limits = new LinkedHashMap<>();
    limits.put("subscriptions", 64L);
    limits.put("frameBytes", 65_536L);
    return limits;
  }
}
