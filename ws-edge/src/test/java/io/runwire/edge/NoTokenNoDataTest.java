package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.runwire.edge.access.KeyServer;
import io.runwire.edge.access.TokenMint;
import io.runwire.edge.hub.AgentScript;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Without a good token nothing is read, on any face: each bad credential has its answer, and no
 * byte of an event or of a run's row is in it.
 */
class NoTokenNoDataTest {
  /** Stands in what a good token reads. */
  private static final String NEEDLE = "only-for-who-may-read";

  private static final String SUBSCRIBE =
      "{\"op\":\"subscribe\",\"id\":1,\"thread\":\"t\",\"from\":\"earliest\"}";

  private static final Duration TTL = Duration.ofMinutes(5);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final RSAKey KEY = KeyServer.rsa("key-1");
  private static final RSAKey EVIL = KeyServer.rsa("key-1");

  private KeyServer issuer;
  private StubLedger ledger;
  private TestEdge edge;

  @BeforeEach
  void start() throws Exception {
    issuer = new KeyServer(KEY);
    ledger = new StubLedger();
    String row = "{\"run\":\"r\",\"thread\":\"t\",\"error\":\"" + NEEDLE + "\"}";
    ledger.answer("/v1/runs", 200, "{\"runs\":[" + row + "]}");
    ledger.answer("/v1/threads/t/runs", 200, "{\"runs\":[" + row + "]}");
    ledger.answer("/v1/runs/r", 200, row);
    Map<String, String> settings = new HashMap<>(issuer.settings());
    settings.put("ledger.url", ledger.uri().toString());
    edge = TestEdge.start(settings);
    edge.timer.advance(Duration.ZERO);
    edge.log.run("t", "r").start().content(NEEDLE);
  }

  @AfterEach
  void stop() throws Exception {
    edge.close();
    ledger.close();
    issuer.close();
  }

  /** Where a token is shown, and what is asked with it. */
  enum Face {
    SOCKET_BY_HEADER,
    SOCKET_BY_SUBPROTOCOL,
    SOCKET_BY_FRAME,
    STREAM("/v1/threads/t/events?from=earliest"),
    REPLAY("/v1/threads/t/events"),
    RUNS("/v1/runs"),
    RUNS_OF_THREAD("/v1/threads/t/runs"),
    RUN("/v1/runs/r");

    final String path;

    Face() {
      this("");
    }

    Face(String path) {
      this.path = path;
    }
  }

  /** What is shown instead of a good token, and what that is. */
  enum Credential {
    NONE(Answer.UNAUTHENTICATED),
    ALGORITHM_NONE(Answer.INVALID),
    HASH_BY_THE_PUBLIC_KEY(Answer.INVALID),
    FOREIGN_KEY_OF_THE_SAME_NAME(Answer.INVALID),
    UNKNOWN_KEY(Answer.INVALID),
    PATH_AS_KEY(Answer.INVALID),
    KEY_FROM_ELSEWHERE(Answer.INVALID),
    KEY_BROUGHT_ALONG(Answer.INVALID),
    EMPTY_SIGNATURE(Answer.INVALID),
    EXPIRED(Answer.EXPIRED),
    NOT_YET_VALID(Answer.INVALID),
    WITHOUT_EXP(Answer.INVALID),
    EXP_AS_TEXT(Answer.INVALID),
    OTHER_ISSUER(Answer.INVALID),
    OTHER_AUDIENCE(Answer.INVALID),
    EMPTY_SUBJECT(Answer.INVALID),
    SIXTEEN_KILOBYTES(Answer.TOO_LONG),
    LOOSE_PATTERN(Answer.INVALID),
    OTHER_THREAD(Answer.NOT_OF_THIS_THREAD),
    NO_ACTION(Answer.FORBIDDEN);

    private final Answer answer;

    Credential(Answer answer) {
      this.answer = answer;
    }

    String answerOn(Face face) {
      boolean socket = face.path.isEmpty();
      return switch (answer) {
        case UNAUTHENTICATED -> socket ? "UNAUTHENTICATED" : "401 UNAUTHENTICATED";
        case INVALID -> socket ? "4500" : "401 TOKEN_INVALID";
        case EXPIRED -> socket ? "4005" : "401 TOKEN_INVALID";
        case FORBIDDEN -> socket ? "4507" : "403 FORBIDDEN";
        // Longer than a header, and than the field of a frame, may be.
        case TOO_LONG ->
            face == Face.SOCKET_BY_FRAME ? "BAD_REQUEST" : socket ? "431" : "431 BAD_REQUEST";
        case NOT_OF_THIS_THREAD ->
            switch (face) {
              case RUNS -> "200 {\"runs\":[]}";
              case RUN -> "404 NOT_FOUND";
              default -> socket ? "FORBIDDEN" : "403 FORBIDDEN";
            };
      };
    }
  }

  private enum Answer {
    UNAUTHENTICATED,
    INVALID,
    EXPIRED,
    FORBIDDEN,
    TOO_LONG,
    NOT_OF_THIS_THREAD
  }

  /** What was answered, and every byte of it. */
  private record Reply(String answer, String bytes) {}

  static Stream<Arguments> facesAndCredentials() {
    return Stream.of(Face.values())
        .flatMap(face -> Stream.of(Credential.values()).map(bad -> Arguments.of(face, bad)));
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("facesAndCredentials")
  void readsNothing(Face face, Credential credential) throws Exception {
    Reply reply = ask(face, token(credential));

    assertThat(reply.answer()).isEqualTo(credential.answerOn(face));
    assertThat(reply.bytes()).doesNotContain(NEEDLE, "RUN_STARTED", "cursor");
    assertThat(issuer.asked()).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void aGoodTokenReadsOnEveryFace(Face face) throws Exception {
    assertThat(ask(face, Optional.of(good())).bytes()).contains(NEEDLE);
  }

  @ParameterizedTest
  @EnumSource
  void whatCannotBeJudgedReadsNothingButMayComeBack(Face face) throws Exception {
    RSAKey next = KeyServer.rsa("key-2");
    issuer.publish(KEY, next);
    String token = KeyServer.sign(next, claims(List.of("subscribe", "history", "ledger"), "t"));
    edge.clock.advance(Duration.ofSeconds(30));

    Reply first = ask(face, Optional.of(token));

    assertThat(first.answer()).isEqualTo(face.path.isEmpty() ? "1011" : "503 KEYS_UNAVAILABLE");
    assertThat(first.bytes()).doesNotContain(NEEDLE, "RUN_STARTED", "cursor");
    edge.timer.advance(Duration.ZERO);
    assertThat(ask(face, Optional.of(token)).bytes()).contains(NEEDLE);
  }

  @Test
  void aCursorIsNoAuthority() throws Exception {
    AgentScript theirs = edge.log.run("theirs", "x").start();
    String cursor = cursorOf("theirs", good("theirs"));
    theirs.content(NEEDLE);

    String mine = KeyServer.sign(KEY, claims(List.of("subscribe", "history"), "t"));
    HttpResponse<String> foreign = after("t", cursor, mine);
    HttpResponse<String> forbidden = after("theirs", cursor, mine);

    assertThat(Answers.code(foreign)).isEqualTo("CURSOR_FOREIGN_THREAD");
    assertThat(Answers.code(forbidden)).isEqualTo("FORBIDDEN");
    assertThat(foreign.body() + forbidden.body()).doesNotContain(NEEDLE);
  }

  @Test
  void aCursorOlderThanADayNeedsHistory() throws Exception {
    String cursor = cursorOf("t", good());
    edge.clock.advance(Duration.ofHours(25));
    edge.timer.advance(Duration.ZERO);

    HttpResponse<String> denied =
        after("t", cursor, KeyServer.sign(KEY, claims(List.of("subscribe"), "t")));

    assertThat(Answers.code(denied)).isEqualTo("FORBIDDEN");
    assertThat(denied.body()).doesNotContain(NEEDLE);
    try (SseClient allowed = SseClient.open(edge, "/v1/threads/t/events?after=" + cursor, good())) {
      allowed.next();
      assertThat(allowed.next()).contains(NEEDLE);
    }
  }

  private HttpResponse<String> after(String thread, String cursor, String token) throws Exception {
    return Answers.get(
        edge,
        "/v1/threads/" + thread + "/events?after=" + cursor,
        "Authorization",
        "Bearer " + token);
  }

  /** Behind the first record of a thread. */
  private String cursorOf(String thread, String token) throws Exception {
    try (SseClient client =
        SseClient.open(edge, "/v1/threads/" + thread + "/events?from=earliest", token)) {
      client.next();
      return client.next().replaceFirst("(?s)^id: ([\\w-]+)\n.*", "$1");
    }
  }

  private String good() {
    return good("t");
  }

  private String good(String thread) {
    return KeyServer.sign(KEY, claims(List.of("subscribe", "history", "ledger"), thread));
  }

  private JWTClaimsSet claims(List<String> actions, String... threads) {
    return builder(actions, threads).build();
  }

  private JWTClaimsSet.Builder builder(List<String> actions, String... threads) {
    return edge.mint
        .claims("u1", TTL)
        .claim("authorization_details", TokenMint.details(actions, threads));
  }

  private Optional<String> token(Credential credential) throws Exception {
    JWTClaimsSet.Builder claims = builder(List.of("subscribe", "history", "ledger"), "t");
    JWTClaimsSet good = claims.build();
    Instant now = edge.clock.instant();
    URI evil = URI.create(issuer.url());
    return Optional.ofNullable(
        switch (credential) {
          case NONE -> null;
          case ALGORITHM_NONE -> new PlainJWT(good).serialize();
          case HASH_BY_THE_PUBLIC_KEY ->
              TokenMint.sign(
                  new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("key-1").build(),
                  KEY.toPublicJWK().toJSONString(),
                  good);
          case FOREIGN_KEY_OF_THE_SAME_NAME -> KeyServer.sign(EVIL, good);
          case UNKNOWN_KEY -> named("nobody's", good);
          case PATH_AS_KEY -> named("../../../../dev/null", good);
          case KEY_FROM_ELSEWHERE ->
              KeyServer.sign(KeyServer.header(EVIL).jwkURL(evil).build(), EVIL, good);
          case KEY_BROUGHT_ALONG ->
              KeyServer.sign(KeyServer.header(EVIL).jwk(EVIL.toPublicJWK()).build(), EVIL, good);
          case EMPTY_SIGNATURE -> good().substring(0, good().lastIndexOf('.') + 1);
          case EXPIRED -> signed(claims.expirationTime(Date.from(now)));
          case NOT_YET_VALID -> signed(claims.notBeforeTime(Date.from(now.plusSeconds(60))));
          case WITHOUT_EXP -> signed(claims.expirationTime(null));
          case EXP_AS_TEXT -> signed(claims.claim("exp", "4102444800"));
          case OTHER_ISSUER -> signed(claims.issuer("https://evil.example.com"));
          case OTHER_AUDIENCE -> signed(claims.audience("another-service"));
          case EMPTY_SUBJECT -> signed(claims.subject(""));
          case SIXTEEN_KILOBYTES -> signed(claims.claim("padding", "x".repeat(16 << 10)));
          case LOOSE_PATTERN ->
              KeyServer.sign(KEY, claims(List.of("subscribe", "history", "ledger"), "t", "u4*"));
          case OTHER_THREAD ->
              KeyServer.sign(KEY, claims(List.of("subscribe", "history", "ledger"), "t2", "t.*"));
          case NO_ACTION -> KeyServer.sign(KEY, claims(List.of(), "t"));
        });
  }

  private static String signed(JWTClaimsSet.Builder claims) {
    return KeyServer.sign(KEY, claims.build());
  }

  private static String named(String kid, JWTClaimsSet claims) {
    return KeyServer.sign(
        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(kid).build(), EVIL, claims);
  }

  private Reply ask(Face face, Optional<String> token) throws Exception {
    if (face.path.isEmpty()) {
      return socket(face, token);
    }
    if (face == Face.STREAM) {
      return stream(token);
    }
    String accept = face == Face.REPLAY ? "application/x-ndjson" : "application/json";
    HttpResponse<String> response =
        token.isPresent()
            ? Answers.get(
                edge, face.path, "Accept", accept, "Authorization", "Bearer " + token.get())
            : Answers.get(edge, face.path, "Accept", accept);
    String answer = response.statusCode() == 200 ? response.body() : Answers.code(response);
    return new Reply(response.statusCode() + " " + answer, response.body());
  }

  /** Reads a refusal to its end, and a stream until it is live. */
  private Reply stream(Optional<String> token) throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(edge.uri(Face.STREAM.path));
    token.ifPresent(shown -> request.header("Authorization", "Bearer " + shown));
    HttpResponse<InputStream> response = HTTP.send(request.build(), BodyHandlers.ofInputStream());
    StringBuilder all = new StringBuilder();
    try (InputStream body = response.body()) {
      for (int b = body.read(); b >= 0 && all.indexOf("event: live") < 0; b = body.read()) {
        all.append((char) b);
      }
    }
    String code = all.toString().replaceFirst("(?s).*\"code\":\"(\\w+)\".*", "$1");
    return new Reply(response.statusCode() + " " + code, all.toString());
  }

  /**
   * Shows the token, subscribes from the earliest if it may, and reads until there is an answer.
   */
  private Reply socket(Face face, Optional<String> token) throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      String all = client.request(upgrade(face, token));
      if (!all.startsWith("HTTP/1.1 101 ")) {
        return new Reply(all.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3), all);
      }
      if (face == Face.SOCKET_BY_FRAME && token.isPresent()) {
        client.sendText("{\"op\":\"auth\",\"token\":\"" + token.get() + "\"}");
      }
      if (token.isEmpty()) {
        client.sendText(SUBSCRIBE);
      }
      while (true) {
        RawClient.Frame frame = client.frame();
        all += frame.text();
        if (frame.opcode() == RawClient.CLOSE) {
          return new Reply(Integer.toString(frame.closeCode()), all);
        }
        if (frame.text().contains("\"welcome\"")) {
          client.sendText(SUBSCRIBE);
        } else if (frame.text().contains("\"error\"")) {
          return new Reply(frame.text().replaceFirst(".*\"code\":\"(\\w+)\".*", "$1"), all);
        } else if (frame.text().contains("\"live\"")) {
          return new Reply("live", all);
        }
      }
    }
  }

  private String upgrade(Face face, Optional<String> token) {
    String subprotocol = "Sec-WebSocket-Protocol: runwire.v1";
    if (token.isEmpty() || face == Face.SOCKET_BY_FRAME) {
      return RawClient.upgrade(edge, subprotocol);
    }
    return face == Face.SOCKET_BY_SUBPROTOCOL
        ? RawClient.upgrade(edge, subprotocol + ", bearer." + token.get())
        : RawClient.upgrade(edge, subprotocol, "Authorization: Bearer " + token.get());
  }
}
